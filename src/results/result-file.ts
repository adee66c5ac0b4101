import type { RunRecord } from '../../sim/index.ts';

/** Version of the layout of result files; readers refuse others. */
export const resultSchema = 1;

/**
 * A result: a claim with its evidence. Everything but `made` follows from the scenario and its seeds alone,
 * so two files of the same simulated study differ in `made` only.
 */
export interface ResultFile {
  readonly schema: typeof resultSchema;
  readonly name: string;
  readonly title: string;
  /** What the study asks. */
  readonly question: string;
  readonly made: Made;
  /** The study or scenario file as run. */
  readonly source: string;
  readonly runs: readonly RunRecord[];
  /** Promises of the study about its figures, such as `staleness.high.p95 < 10s`. */
  readonly thresholds?: readonly StatedThreshold[];
  /** Present while runs of the plan are missing, or parts of them: an interrupted study, or one shard of it. */
  readonly part?: ResultPart;
}

/** A threshold as the study states it, and the scenario that it belongs to. */
export interface StatedThreshold {
  readonly scenario: string;
  readonly text: string;
}

/** Which runs of a plan a result holds: `runs[i]` has place `indices[i]` among the `of` runs of the whole. */
export interface ResultPart {
  readonly indices: readonly number[];
  readonly of: number;
  /** They were under way when the study was interrupted, and tell of the time that they had simulated by then. */
  readonly cutShort?: true;
}

/** How, where and when a result came to be. */
export interface Made {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly davpulse: string;
  /** The command that repeats it. */
  readonly command: string;
  readonly node: string;
  readonly machine: MachineFingerprint;
  /** Whatever else the maker measured of its own work, e.g. simulated contacts per second. */
  readonly notes: Readonly<Record<string, string | number>>;
}

/** What must be equal for the timings of two results to be comparable. */
export interface MachineFingerprint {
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
}
