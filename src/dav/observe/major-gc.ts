import { constants, PerformanceObserver } from 'node:perf_hooks';

/** What this process has spent so far on collections of its whole heap. */
interface MajorGc {
  readonly count: number;
  readonly seconds: number;
}

let soFar: MajorGc = { count: 0, seconds: 0 };
let observer: PerformanceObserver | undefined;

/** Counts from the first call on, once for all servers of a process. */
export function majorGc(): MajorGc {
  observer ??= observe();
  return soFar;
}

function observe(): PerformanceObserver {
  const started = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (!isMajor(entry)) continue;
      soFar = { count: soFar.count + 1, seconds: soFar.seconds + entry.duration / 1000 };
    }
  });
  started.observe({ type: 'gc' });
  return started;
}

const isMajor = (entry: object): boolean =>
  'detail' in entry &&
  typeof entry.detail === 'object' &&
  entry.detail !== null &&
  'kind' in entry.detail &&
  entry.detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
