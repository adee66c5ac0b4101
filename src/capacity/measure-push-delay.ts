import { quantileSorted } from 'simple-statistics';
import { setTimeout } from 'node:timers/promises';
import type { BenchBed } from './bench-bed.ts';
import { orAborted } from './or-aborted.ts';
import { exercise } from './warm-up.ts';

/** How long a message takes beyond the server's own work on it, ms. */
export interface PushDelay {
  readonly medianMs: number;
  readonly p95Ms: number;
}

const warmRounds = 500;
const restMs = 20;
const leastMessages = 20;

/**
 * Writes, one after the other with a rest between, and looks how long after the answer a lone subscriber has the
 * message. `pushMs` is the work that the server does for it, which the model counts by itself.
 */
export async function measurePushDelay(bed: BenchBed, pushMs: number, budgetMs: number): Promise<PushDelay> {
  let arrived: () => void = () => {};
  await bed.subscribe(() => arrived());
  await exercise(bed, Math.min(warmRounds, budgetMs));
  const delays: number[] = [];
  const endAt = performance.now() + budgetMs;
  for (let round = 0; round < leastMessages || performance.now() < endAt; round += 1) {
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    await bed.put(round % 10);
    const writtenAt = performance.now();
    await orAborted(arrival, bed.session.signal);
    delays.push(Math.max(0, performance.now() - writtenAt - pushMs));
    await setTimeout(restMs);
  }
  delays.sort((a, b) => a - b);
  return { medianMs: quantileSorted(delays, 0.5), p95Ms: quantileSorted(delays, 0.95) };
}
