import type { RunRecord } from '../../../sim/index.ts';
import type { Metric } from '../metric.ts';
import type { Estimate } from '../statistics/estimate.ts';

export const verdicts = ['better', 'worse', 'same', 'cannot tell'] as const;
export type Verdict = (typeof verdicts)[number];

/**
 * How a verdict came about. `exact`: one simulated seed, where any difference is a difference. `paired`: t interval
 * over seeds that both sides share. `rank`: Mann-Whitney over live runs, corrected for the number of metrics.
 * `side by side`: t interval over ratios of live runs made at the same time, corrected likewise.
 * `single`: one measurement on each side, told apart by the effect floor alone.
 */
export type Method = 'exact' | 'paired' | 'side by side' | 'rank' | 'single';

/** One metric of one point before and after. */
export interface Comparison {
  readonly scenario: string;
  readonly label: string;
  readonly backend: RunRecord['backend'];
  readonly metric: Pick<Metric, 'id' | 'title' | 'unit' | 'better'>;
  readonly base: Estimate;
  readonly head: Estimate;
  /** (head − base) / base and its 95 % interval; infinite where the base is zero and the head is not. */
  readonly change: number;
  readonly low: number;
  readonly high: number;
  readonly method: Method;
  readonly verdict: Verdict;
}

/** A difference relative to a base; zero stays zero whatever the base. */
export const relativeTo = (base: number, difference: number): number =>
  difference === 0 ? 0 : difference / Math.abs(base);

/** The word for a change that is there. */
export const directionOf = (change: number, better: Metric['better']): Verdict =>
  change < 0 === (better === 'less') ? 'better' : 'worse';

/**
 * The word for an interval: a side of zero when it excludes zero and the change reaches the floor; `same` when it
 * lies within the floor on both sides; else `cannot tell`.
 */
export function verdictOf(
  { change, low, high }: Pick<Comparison, 'change' | 'low' | 'high'>,
  better: Metric['better'],
  { floor, significant = low > 0 || high < 0 }: { floor: number; significant?: boolean },
): Verdict {
  if (low === 0 && high === 0) return 'same';
  if (significant && Math.abs(change) >= floor) return directionOf(change, better);
  return low >= -floor && high <= floor ? 'same' : 'cannot tell';
}
