import { emptyReplica, syncReplica, type Replica } from '../client/index.ts';
import { processorMs, type ServerUser, type Target } from '../live/index.ts';
import { openBed, type BedSize, type BenchBed } from './bench-bed.ts';
import { inProportion } from './in-proportion.ts';
import { plainHabits } from './plain-habits.ts';
import { actAtRandom } from './poisson-requests.ts';

const leastRequests = 60;
const mostUsers = 200;
const objects = 5;

/** One of a crowd: an account with a connection and a calendar of its own. */
export interface CrowdMember {
  readonly bed: BenchBed;
  readonly replica: Replica;
}

/** Makes a crowd of the accounts of a server, up to 200; its calendars are gone with the stack. @throws DavpulseError when the server refuses or fails */
export async function gatherCrowd(
  target: Target,
  size: BedSize,
  stack: AsyncDisposableStack,
): Promise<CrowdMember[]> {
  const crowd: CrowdMember[] = [];
  for (const user of target.users.slice(0, mostUsers)) crowd.push(await join(target, user, size, stack));
  // Everybody's state is in the caches once before it counts.
  for (const { bed, replica } of crowd) await syncReplica(bed.session, replica, plainHabits);
  return crowd;
}

async function join(
  target: Target,
  user: ServerUser,
  size: BedSize,
  stack: AsyncDisposableStack,
): Promise<CrowdMember> {
  const bed = await openBed(target, user, { ...size, objects }, stack);
  const replica = emptyReplica(bed.collection, 'calendar');
  await syncReplica(bed.session, replica, plainHabits);
  return { bed, replica };
}

/** An empty report, or one of what has changed, which is then fetched. */
export const syncOnce = async ({ bed, replica }: CrowdMember): Promise<void> => {
  await syncReplica(bed.session, replica, plainHabits);
};

/** Members act as a Poisson process for `forMs`, whatever the server does; gives the processor time of an act. */
export async function costAt(
  crowd: readonly CrowdMember[],
  pid: number,
  perMs: number,
  forMs: number,
  act: (member: CrowdMember, round: number) => Promise<unknown>,
): Promise<number> {
  const requests = Math.max(inProportion(leastRequests, forMs), Math.round(perMs * forMs));
  let round = 0;
  const before = processorMs(pid);
  const { acts } = await actAtRandom(crowd, perMs, requests, async (member) => {
    round += 1;
    await act(member, round % objects);
    member.bed.exchanges.length = 0;
  });
  return (processorMs(pid) - before) / acts;
}
