/** What a live run does at the moment, for people who watch it. */
export interface LiveSample {
  readonly label: string;
  /** Since the start of the run, warm-up included. */
  readonly elapsedMs: number;
  readonly endMs: number;
  /** So far, in the counted time. */
  readonly requests: number;
  readonly pushes: number;
  readonly failures: number;
  /** Since the sample before. */
  readonly requestsPerSecond: number;
  readonly pushesPerSecond: number;
  /** Medians and tails so far; `NaN` before there is anything. */
  readonly stalenessP50Ms: number;
  readonly stalenessP95Ms: number;
  readonly lagP99Ms: number;
  readonly loopP99Ms: number;
}

const time = (ms: number): string =>
  Number.isNaN(ms) ? '–' : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;

/** The same in one line, for a terminal. */
export function formatSample(sample: LiveSample): string {
  const { label, requestsPerSecond, pushesPerSecond, stalenessP50Ms, stalenessP95Ms, lagP99Ms, failures } =
    sample;
  return [
    `live: ${label}`,
    `${Math.round(requestsPerSecond)} requests/s`,
    `${Math.round(pushesPerSecond)} pushes/s`,
    `stale ${time(stalenessP50Ms)}, p95 ${time(stalenessP95Ms)}`,
    `lag ${time(lagP99Ms)}`,
    ...(failures === 0 ? [] : [`${failures} failed`]),
  ].join(' · ');
}
