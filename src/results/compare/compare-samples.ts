import { mean, median } from 'simple-statistics';
import type { Metric } from '../metric.ts';
import { holm } from '../statistics/holm.ts';
import { hodgesLehmann, mannWhitney } from '../statistics/mann-whitney.ts';
import { pairedTTest } from '../statistics/paired.ts';
import { directionOf, relativeTo, verdictOf, type Comparison, type Method } from './comparison.ts';

/** The values of one metric on both sides; `paired` when value i of both belongs to one seed of the simulator. */
export interface Samples {
  readonly metric: Pick<Metric, 'id' | 'title' | 'unit' | 'better'>;
  readonly base: readonly number[];
  readonly head: readonly number[];
}

export type Judged = Pick<Comparison, 'change' | 'low' | 'high' | 'verdict' | 'method'>;

/** Simulated changes below this are too small to matter, even where they are certain. */
const simulatedFloor = 0.001;

/** Judges simulated values of shared seeds: exactly for one seed, by the paired interval for several. */
export function judgePaired({ metric, base, head }: Samples): Judged {
  const centre = mean([...base]);
  if (base.length === 1) {
    const change = relativeTo(centre, (head[0] ?? NaN) - centre);
    const verdict = change === 0 ? 'same' : directionOf(change, metric.better);
    return { change, low: change, high: change, method: 'exact', verdict };
  }
  const test = pairedTTest(head, base);
  const interval = {
    change: relativeTo(centre, test.difference),
    low: relativeTo(centre, test.low),
    high: relativeTo(centre, test.high),
  };
  return {
    ...interval,
    method: 'paired',
    verdict: verdictOf(interval, metric.better, { floor: simulatedFloor }),
  };
}

/**
 * Judges live values of many metrics together: a change counts when the rank test finds it at 5 % after Holm's
 * correction over all of them, and when it reaches the floor, below which machines drift anyway.
 */
export function judgeRanked(samples: readonly Samples[], floor: number): Judged[] {
  const adjusted = adjustedP(samples);
  return samples.map(({ metric, base, head }, index) => {
    const centre = median([...base]);
    const shift = hodgesLehmann(head, base);
    const interval = {
      change: relativeTo(centre, shift.shift),
      low: relativeTo(centre, shift.low),
      high: relativeTo(centre, shift.high),
    };
    const method: Method = base.length < 2 || head.length < 2 ? 'single' : 'rank';
    if (method === 'single') return judgeSingle(interval.change, metric.better, floor);
    const significant = (adjusted.get(index) ?? 1) < 0.05;
    return { ...interval, method, verdict: verdictOf(interval, metric.better, { floor, significant }) };
  });
}

/** Corrected p-values by place; values that are equal throughout were never a chance for a false alarm and do not count. */
function adjustedP(samples: readonly Samples[]): Map<number, number> {
  const tested = samples.flatMap(({ base, head }, index) => {
    const varies = new Set([...base, ...head]).size > 1;
    return varies && base.length > 1 && head.length > 1 ? [{ index, p: mannWhitney(head, base).p }] : [];
  });
  const corrected = holm(tested.map(({ p }) => p));
  return new Map(tested.map(({ index }, place) => [index, corrected[place] ?? 1]));
}

/** One measurement a side says nothing about chance, so only equality can be told. */
function judgeSingle(change: number, better: Metric['better'], floor: number): Judged {
  const interval = { change, low: change, high: change, method: 'single' as const };
  if (change === 0) return { ...interval, verdict: 'same' };
  return { ...interval, verdict: Math.abs(change) >= floor ? directionOf(change, better) : 'cannot tell' };
}
