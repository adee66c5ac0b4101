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
  /** Medians and tails so far; `NaN` before there is anything. */
  readonly stalenessP50Ms: number;
  readonly stalenessP95Ms: number;
  readonly lagP99Ms: number;
}
