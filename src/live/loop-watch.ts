import { Histogram } from '../../sim/index.ts';

/** How late the event loop of the generator came round, ms: at a random instant, and at worst. */
export interface LoopDelay {
  readonly mean: number;
  readonly p99: number;
  readonly max: number;
}

/** A watch that goes on until it is stopped. */
export interface LoopWatch {
  read(): LoopDelay;
  stop(): void;
}

const everyMs = 5;

/**
 * Watches the event loop from now on: what happens on this thread and belongs to no device (an answer of a megabyte,
 * garbage collection) shows here, even when nothing was due meanwhile. A stall counts for as long as it lasts, as if
 * somebody had looked all the while; one look after it (as perf_hooks takes) would make a second's stall a single
 * sample among hundreds.
 */
export function watchLoop(): LoopWatch {
  const delays = new Histogram();
  let dueAt = performance.now() + everyMs;
  const timer = setInterval(() => {
    const lateMs = Math.max(0, performance.now() - dueAt);
    delays.add(lateMs);
    for (let missed = lateMs - everyMs; missed > 0; missed -= everyMs) delays.add(missed);
    dueAt = performance.now() + everyMs;
  }, everyMs);
  timer.unref();
  return {
    read() {
      if (delays.count === 0) return { mean: 0, p99: 0, max: 0 };
      return { mean: delays.sum / delays.count, p99: delays.quantile(0.99), max: delays.max };
    },
    stop: () => clearInterval(timer),
  };
}
