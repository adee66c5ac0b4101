import { setImmediate, setTimeout } from 'node:timers/promises';
import { streamKey, uniform } from '../../sim/index.ts';

/** Below this a timer would come late by more than it waits for. */
const leastSleepMs = 1;

/**
 * Lets members of a crowd act at the instants of a Poisson process of `perMs`, `times` in all and whatever the server
 * does; one that is still at it is passed over. Gives how many acts there were; the first that fails
 * ends it.
 */
export async function actAtRandom<Member>(
  crowd: readonly Member[],
  perMs: number,
  times: number,
  act: (member: Member) => Promise<void>,
): Promise<{ acts: number }> {
  const key = streamKey(1, 0);
  const waiting = new Set<Member>();
  const acts: Promise<void>[] = [];
  const failures: unknown[] = [];
  let dueAt = performance.now();
  for (let time = 0; time < times && failures.length === 0; time += 1) {
    dueAt -= Math.log(uniform(key, 0, time)) / perMs;
    await until(dueAt);
    const member = crowd[time % crowd.length];
    if (member === undefined || waiting.has(member)) continue;
    waiting.add(member);
    const done = act(member).catch((error: unknown) => void failures.push(error));
    acts.push(done.finally(() => waiting.delete(member)));
  }
  await Promise.all(acts);
  if (failures.length > 0) throw failures[0];
  return { acts: acts.length };
}

/** Sleeps as a live fleet does: a machine whose clients never rest would keep the server's processor awake as well. */
async function until(dueAt: number): Promise<void> {
  const leftMs = dueAt - performance.now();
  if (leftMs > leastSleepMs) await setTimeout(leftMs);
  while (performance.now() < dueAt) await setImmediate();
}
