import { setTimeout } from 'node:timers/promises';
import type { ServerUser, Target } from '../live/index.ts';
import { openBed, type BedSize, type BenchBed } from './bench-bed.ts';
import { actAtRandom } from './poisson-requests.ts';

/** Calendars that each have the same number of subscribers. */
export interface PushCircle {
  readonly subscribers: number;
  readonly beds: readonly BenchBed[];
  /** Messages that have come. */
  arrived: number;
}

export interface CircleSize extends BedSize {
  readonly calendars: number;
  readonly subscribers: number;
}

const lookEveryMs = 20;
const patienceMs = 5000;

/** Makes the calendars, spread over `users`, and subscribes; they are gone with the stack. @throws DavpulseError when the server refuses or fails */
export async function openCircle(
  target: Target,
  users: readonly (ServerUser | undefined)[],
  { calendars, subscribers, ...size }: CircleSize,
  stack: AsyncDisposableStack,
): Promise<PushCircle> {
  const beds: BenchBed[] = [];
  const circle: PushCircle = { subscribers, beds, arrived: 0 };
  for (let calendar = 0; calendar < calendars; calendar += 1) {
    const bed = await openBed(target, users[calendar % users.length], size, stack);
    for (let made = 0; made < subscribers; made += 1) {
      await bed.subscribe(() => {
        circle.arrived += 1;
      });
    }
    beds.push(bed);
  }
  return circle;
}

/** Writes at random, and waits for what follows: until no message has come for `silenceMs`. Gives how many came. */
export async function writeAtRandom(
  circle: PushCircle,
  perMs: number,
  times: number,
  objects: number,
  silenceMs: number,
): Promise<number> {
  circle.arrived = 0;
  let round = 0;
  await actAtRandom(circle.beds, perMs, times, async (bed) => {
    round += 1;
    await bed.put(round % objects);
    bed.exchanges.length = 0;
  });
  if (circle.subscribers > 0) await silence(circle, silenceMs);
  return circle.arrived;
}

async function silence(circle: PushCircle, silenceMs: number): Promise<void> {
  let last = { count: -1, at: performance.now() };
  const endAt = performance.now() + patienceMs;
  while (performance.now() < endAt && performance.now() - last.at < silenceMs) {
    if (circle.arrived !== last.count) last = { count: circle.arrived, at: performance.now() };
    await setTimeout(lookEveryMs);
  }
}
