import type { RunSpec } from '../../sim/index.ts';
import { multiget, readHomeTokens, syncReplica, emptyReplica } from '../client/index.ts';
import type { ServerUser, Target } from '../live/index.ts';
import { openBed, type BenchBed } from './bench-bed.ts';
import { inProportion } from './in-proportion.ts';
import { plainHabits } from './plain-habits.ts';
import { openCircle, writeAtRandom, type PushCircle } from './push-circle.ts';

/** Rounds that are enough for the code of the bundled server to be compiled. */
export const warmRounds = 1500;
const written = 10;
/** Bursts as small as those of small fleets: large ones go other ways through the server. */
const bursts = { calendars: 24, subscribers: 8 } as const;
const objectBytes = 1102;

/**
 * Keeps a server busy with requests of every kind, and with push messages if it is to push, until its code is
 * compiled: a server that has just started takes several times as long for a request as one that has run for a while,
 * and nobody runs one for ten seconds. What it makes for that it removes again.
 * @throws DavpulseError when the server refuses or fails
 */
export async function warmUp(
  target: Target,
  user: ServerUser | undefined,
  { transport, pushPolicy }: Pick<RunSpec, 'transport' | 'pushPolicy'>,
  signal: AbortSignal,
  rounds = warmRounds,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const bed = await openBed(target, user, { transport, objectBytes, objects: written, signal }, stack);
  await exercise(bed, rounds);
  if (target.pushServiceUrl === undefined || pushPolicy.kind === 'off') return;
  const calendars = inProportion(bursts.calendars, rounds);
  const size = { transport, objectBytes, objects: 1, ...bursts, calendars, signal };
  await warmUpPush(await openCircle(target, [user], size, stack), rounds);
}

const longestMs = 4000;

/** Rounds of all kinds of requests; on a slow server as many as fit into some seconds. */
export async function exercise(bed: BenchBed, times: number): Promise<void> {
  const replica = emptyReplica(bed.collection, 'calendar');
  await syncReplica(bed.session, replica, plainHabits);
  const endAt = performance.now() + longestMs;
  for (let round = 0; round < times && performance.now() < endAt; round += 1) {
    const object = round % written;
    await syncReplica(bed.session, replica, { ...plainHabits, check: 'sync-token' });
    await syncReplica(bed.session, replica, plainHabits);
    await bed.put(object);
    await multiget(bed.session, 'calendar', bed.collection, [bed.pathOf(object)]);
    if (round % 10 === 0) await readHomeTokens(bed.session, bed.home);
    bed.exchanges.length = 0;
  }
}

/** Two messages a round: after some two thousand they cost half of what the first ones did, and stay at that. */
const messagesPerRound = 2;
const writesPerMs = 0.06;
const longestPushMs = 15_000;

/** Push messages until there were enough; as many as come in some seconds where they are merged for long. */
export async function warmUpPush(circle: PushCircle, rounds: number): Promise<void> {
  const enough = rounds * messagesPerRound;
  const endAt = performance.now() + longestPushMs;
  const times = Math.ceil(enough / circle.subscribers / 4);
  for (let messages = 0; messages < enough && performance.now() < endAt;) {
    messages += await writeAtRandom(circle, writesPerMs, times, 1, 600);
  }
}
