import { emptyReplica, syncReplica, type Replica } from '../client/index.ts';
import { processorMs, type ServerUser, type Target } from '../live/index.ts';
import { openBed, type BedSize, type BenchBed } from './bench-bed.ts';
import { fitCold, type ColdFit, type RatePoint } from './fit-cold.ts';
import { plainHabits } from './plain-habits.ts';
import { actAtRandom } from './poisson-requests.ts';

/** Shares of what the server could do, and the most requests per ms that are asked for. */
const loads = [0.003, 0.01, 0.03, 0.1, 0.25] as const;
const mostPerMs = 2.5;
/** Collections of garbage follow work by some seconds and belong to its cost, so that each rate takes a while. */
const timesBudget = 4;
const leastRequests = 60;
const mostUsers = 200;
const objects = 5;

interface Member {
  readonly bed: BenchBed;
  readonly replica: Replica;
}

/**
 * What idle time costs a server: a crowd of accounts, each with a connection and a calendar of its own, asks for
 * empty reports at random at several rates, four times `budgetMs` each, and the processor time of a request is fitted by rate.
 * `aloneMs` is its time for a lone client without a pause. @throws DavpulseError when the server refuses or fails
 */
export async function measureCold(
  target: Target,
  pid: number,
  size: BedSize,
  aloneMs: number,
  budgetMs: number,
): Promise<ColdFit> {
  await using stack = new AsyncDisposableStack();
  const crowd: Member[] = [];
  for (const user of target.users.slice(0, mostUsers)) crowd.push(await join(target, user, size, stack));
  // Everybody's state is in the caches once before it counts.
  for (const { bed, replica } of crowd) await syncReplica(bed.session, replica, plainHabits);
  const points: RatePoint[] = [];
  for (const load of loads)
    points.push(await costAt(crowd, pid, Math.min(mostPerMs, load / aloneMs), budgetMs));
  return fitCold(points);
}

async function join(
  target: Target,
  user: ServerUser,
  size: BedSize,
  stack: AsyncDisposableStack,
): Promise<Member> {
  const bed = await openBed(target, user, { ...size, objects }, stack);
  const replica = emptyReplica(bed.collection, 'calendar');
  await syncReplica(bed.session, replica, plainHabits);
  return { bed, replica };
}

async function costAt(
  crowd: readonly Member[],
  pid: number,
  perMs: number,
  budgetMs: number,
): Promise<RatePoint> {
  const requests = Math.max(leastRequests, Math.round(perMs * timesBudget * budgetMs));
  const before = processorMs(pid);
  const { acts, elapsedMs } = await actAtRandom(crowd, perMs, requests, async ({ bed, replica }) => {
    await syncReplica(bed.session, replica, plainHabits);
    bed.exchanges.length = 0;
  });
  return { perMs: acts / elapsedMs, costMs: (processorMs(pid) - before) / acts };
}
