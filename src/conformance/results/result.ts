import type { Level, Outcome } from '../check.ts';
import type { TranscriptEntry } from '../bench/transcript.ts';

/**
 * `warn` is a SHOULD or MAY that was not kept, `error` a check that could not be made because of davpulse or the
 * network. With a profile, `known` is a deviation that it lists and `unexpected` a listed one that was not seen.
 */
export type Verdict = 'pass' | 'fail' | 'warn' | 'skip' | 'error' | 'known' | 'unexpected';

export interface CheckResult {
  readonly id: string;
  readonly clause: string;
  readonly level: Level;
  readonly title: string;
  readonly verdict: Verdict;
  /** Why, when there is something to say. */
  readonly reason: string | undefined;
  readonly durationMs: number;
  readonly transcript: readonly TranscriptEntry[];
}

export interface ConformanceResult {
  readonly target: string;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly profile: string | undefined;
  readonly checks: readonly CheckResult[];
  /** What the run made and could not remove. */
  readonly leftBehind: readonly string[];
}

/** What an outcome means at a level: only what is binding fails. */
export function verdictOf(level: Level, outcome: Outcome): { verdict: Verdict; reason: string | undefined } {
  if (outcome.result === 'pass') return { verdict: 'pass', reason: outcome.note };
  if (outcome.result === 'skip') return { verdict: 'skip', reason: outcome.reason };
  return { verdict: level === 'MUST' ? 'fail' : 'warn', reason: outcome.reason };
}

export const countOf = ({ checks }: ConformanceResult, verdict: Verdict): number =>
  checks.filter((check) => check.verdict === verdict).length;
