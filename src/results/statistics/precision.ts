import type { Estimate } from './estimate.ts';

/** What `--precision staleness.p95=2%` asks for: the half-width of the interval, relative to the mean. */
export interface PrecisionGoal {
  readonly metricId: string;
  readonly relative: number;
}

export type PrecisionState =
  | { readonly kind: 'reached' }
  | { readonly kind: 'more'; readonly seeds: number }
  | { readonly kind: 'budget-ended'; readonly relative: number };

/**
 * Whether enough seeds have run, and if not how many in all to run next: what the spread so far calls for
 * (half-widths shrink with the root of n), at most twice as many as now, since early spreads are unreliable.
 */
export function precisionState(value: Estimate, goal: PrecisionGoal, budgetSeeds: number): PrecisionState {
  const relative =
    value.halfWidth === undefined
      ? Infinity
      : value.mean === 0 && value.halfWidth === 0
        ? 0
        : value.halfWidth / Math.abs(value.mean);
  if (relative <= goal.relative) return { kind: 'reached' };
  if (value.n >= budgetSeeds) return { kind: 'budget-ended', relative };
  const called = Number.isFinite(relative) ? Math.ceil(value.n * (relative / goal.relative) ** 2) : 3;
  const seeds = Math.min(budgetSeeds, Math.max(value.n + 1, Math.min(called, 2 * value.n + 1)));
  return { kind: 'more', seeds };
}
