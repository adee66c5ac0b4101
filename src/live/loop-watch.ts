import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop of the generator came round, ms. */
export interface LoopDelay {
  readonly mean: number;
  readonly p99: number;
  readonly max: number;
}

const everyMs = 5;
const nsPerMs = 1e6;

/**
 * Watches the event loop from now on: what happens on this thread and belongs to no device (an answer of a megabyte,
 * garbage collection) shows here, even when nothing was due meanwhile. Gives how to stop and read it.
 */
export function watchLoop(): () => LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: everyMs });
  histogram.enable();
  return () => {
    histogram.disable();
    // The time between two looks is what is recorded, and that is `everyMs` when nothing is late.
    const late = (ns: number): number => (histogram.count === 0 ? 0 : Math.max(0, ns / nsPerMs - everyMs));
    return { mean: late(histogram.mean), p99: late(histogram.percentile(99)), max: late(histogram.max) };
  };
}
