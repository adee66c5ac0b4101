import { createPushPolicy, type PushPolicySpec } from '../../sim/index.ts';
import { makeBed, makeTargets, until, type Sink } from './set-up.ts';

export interface WindowRow {
  readonly changes: number;
  readonly subscribers: number;
  readonly sent: number;
  /** What the policy's arithmetic gives for these very change times. */
  readonly expected: number;
  readonly merged: number;
  /** Heap after a collection: before the first change, at most while they flow, and at the end. */
  readonly heapBeforeMb: number;
  readonly heapPeakMb: number;
  readonly heapAfterMb: number;
  readonly slowestChangeMs: number;
}

const policy: PushPolicySpec = { kind: 'window', windowMs: 3000, ttlSeconds: 60, topic: 1 };

const heapMb = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

/** How many messages one subscriber gets for changes at these times. */
function expectedMessages(times: readonly number[]): number {
  const timing = createPushPolicy(policy);
  let dueAt = -Infinity;
  let firstAt = 0;
  let messages = 0;
  for (const now of times) {
    const opens = now >= dueAt;
    if (opens) {
      messages += 1;
      firstAt = now;
    }
    const moment = { importance: 'normal', lastSentAt: -Infinity, rank: 0 } as const;
    dueAt = timing.due({ ...moment, now, firstAt, dueAt: opens ? Number.NaN : dueAt });
  }
  return messages;
}

/** `changes` to one collection, evenly over `durationMs`, with `subscribers` and a window of 3 s. */
export async function window(
  sink: Sink,
  changes: number,
  subscribers: number,
  durationMs: number,
): Promise<WindowRow> {
  const bed = makeBed(policy, { ca: sink.ca });
  for (const target of makeTargets(sink.origin, subscribers)) bed.subscribe(target);
  const heapBeforeMb = heapMb();
  const times: number[] = [];
  const start = performance.now();
  let heapPeakMb = 0;
  let slowestChangeMs = 0;
  while (times.length < changes) {
    const elapsed = performance.now() - start;
    while (times.length < Math.min(changes, (elapsed / durationMs) * changes)) {
      const before = performance.now();
      const at = Date.now();
      times.push(at);
      bed.change(at);
      slowestChangeMs = Math.max(slowestChangeMs, performance.now() - before);
      if (times.length % (changes / 10) === 0) heapPeakMb = Math.max(heapPeakMb, heapMb());
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await until(() => bed.engine.totals().pending === 0, 60_000);
  const { sent, merged } = bed.engine.totals();
  const expected = expectedMessages(times) * subscribers;
  const heapAfterMb = heapMb();
  await bed.close();
  return {
    changes,
    subscribers,
    sent,
    expected,
    merged,
    heapBeforeMb,
    heapPeakMb,
    heapAfterMb,
    slowestChangeMs,
  };
}
