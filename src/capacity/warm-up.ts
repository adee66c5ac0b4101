import type { RunSpec } from '../../sim/index.ts';
import { multiget, readHomeTokens, syncReplica, emptyReplica } from '../client/index.ts';
import type { ServerUser, Target } from '../live/index.ts';
import { openBed, type BenchBed } from './bench-bed.ts';
import { plainHabits } from './plain-habits.ts';

/** Rounds that are enough for the code of the bundled server to be compiled. */
export const warmRounds = 1500;
const subscribers = 40;
const written = 10;

/**
 * Keeps a server busy with requests of every kind until its code is compiled: a server that has just started takes
 * several times as long for a request as one that has run for a while, and nobody runs one for ten seconds.
 * What it makes for that it removes again. @throws DavpulseError when the server refuses or fails
 */
export async function warmUp(
  target: Target,
  user: ServerUser | undefined,
  { transport }: Pick<RunSpec, 'transport'>,
  rounds = warmRounds,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const bed = await openBed(target, user, { transport, objectBytes: 1102, objects: written }, stack);
  if (target.pushServiceUrl !== undefined) {
    for (let subscriber = 0; subscriber < subscribers; subscriber += 1) await bed.subscribe(() => {});
  }
  await exercise(bed, rounds);
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
