/** Intervals of a schedule as they come, each with its share of all. */
export type Intervals = readonly { readonly ms: number; readonly share: number }[];

export const meanInterval = (intervals: Intervals): number =>
  intervals.reduce((sum, { ms, share }) => sum + share * ms, 0);

type Times = { readonly warmUpMs: number; readonly durationMs: number };

const firstSteps = 16;

/**
 * Times of the run at which not every device has polled once, where the warm-up is too short for that, each with its share of
 * the counted time: a fleet begins in order, each device at a random place of its schedule.
 */
export function timesOfFirstPolls(intervals: Intervals, { warmUpMs, durationMs }: Times): Intervals {
  const lengthMs = Math.min(meanInterval(intervals) - warmUpMs, durationMs);
  if (!(lengthMs > 0)) return [];
  return Array.from({ length: firstSteps }, (_, step) => ({
    ms: warmUpMs + (lengthMs * (step + 0.5)) / firstSteps,
    share: lengthMs / durationMs / firstSteps,
  }));
}

/** What polls of the counted time look back on: the interval before each, but for the first, which look back to the start. */
export function lookedBackOn(intervals: Intervals, times: Times): Intervals {
  const first = timesOfFirstPolls(intervals, times);
  const later = first.reduce((left, { share }) => left - share, 1);
  return [...intervals.map(({ ms, share }) => ({ ms, share: share * later })), ...first];
}

/** Something that a device does again and again, whatever else it does. */
export interface Doing {
  readonly perMs: number;
  /** How likely it was not done in the last `ms` before an instant that has nothing to do with it. */
  silent(ms: number): number;
  /** How likely it was not done in the last `ms` before it is done. */
  silentBefore(ms: number): number;
  /** It is never silent for longer before it is done. */
  readonly longestMs: number;
}

/** Done at random, as Poisson events. */
export const atRandom = (perMs: number): Doing => {
  const silent = (ms: number) => Math.exp(-perMs * ms);
  return { perMs, silent, silentBefore: silent, longestMs: Infinity };
};

/**
 * Done at random by each of `count` sources, `perMs` by one of them, but after it by none of `pausesMs`, each as likely, at
 * the earliest: renewal processes, which know the time to the next and the one since the last from the same gaps.
 */
export function spaced(count: number, perMs: number, pausesMs: readonly number[]): Doing {
  const meanPause = pausesMs.reduce((sum, ms) => sum + ms, 0) / pausesMs.length;
  const meanRest = 1 / perMs - meanPause;
  const over = (value: (pauseMs: number) => number) =>
    pausesMs.reduce((sum, pauseMs) => sum + value(pauseMs), 0) / pausesMs.length;
  const gapOutlasts = (ms: number) => over((pauseMs) => Math.exp(-Math.max(0, ms - pauseMs) / meanRest));
  const silentOne = (ms: number) =>
    perMs *
    over((pauseMs) =>
      ms < pauseMs ? pauseMs - ms + meanRest : meanRest * Math.exp(-(ms - pauseMs) / meanRest),
    );
  return {
    perMs: count * perMs,
    silent: (ms) => silentOne(ms) ** count,
    silentBefore: (ms) => gapOutlasts(ms) * silentOne(ms) ** (count - 1),
    longestMs: Infinity,
  };
}

/** Done on a schedule, each time for `busyMs`. */
export const scheduled = (intervals: Intervals, busyMs: number): Doing => {
  const mean = meanInterval(intervals);
  return {
    perMs: 1 / mean,
    // Longer intervals are met more often.
    silent: (ms) =>
      intervals.reduce((sum, interval) => sum + interval.share * Math.max(0, interval.ms - ms), 0) / mean,
    silentBefore: (ms) =>
      intervals.reduce((sum, interval) => sum + (ms < interval.ms - busyMs ? interval.share : 0), 0),
    longestMs: Math.max(0, ...intervals.map(({ ms }) => ms - busyMs)),
  };
};

/** How likely a device did nothing of all that it does in the last `ms` before it does one thing. */
export function silenceBefore(one: Doing, all: readonly Doing[], ms: number): number {
  return all.reduce(
    (product, other) => product * (other === one ? other.silentBefore(ms) : other.silent(ms)),
    1,
  );
}

const panels = 400;

/** Mean time of the silence before it does one thing that lies between `fromMs` and `toMs` back; after it, it is as long. */
export function meanSilence(one: Doing, all: readonly Doing[], fromMs: number, toMs: number): number {
  const step = (Math.min(toMs, one.longestMs) - fromMs) / panels;
  if (step <= 0) return 0;
  let sum = 0;
  for (let panel = 0; panel < panels; panel += 1)
    sum += silenceBefore(one, all, fromMs + (panel + 0.5) * step);
  return sum * step;
}
