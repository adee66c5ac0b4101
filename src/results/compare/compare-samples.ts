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

/**
 * Judges live values that were measured side by side, value i of both at the same time: what the machine did then is
 * in both and falls out of their ratio. A change counts when the paired t test of the logarithms finds it at 5 % for
 * all metrics together, and when it reaches the floor. Half of the 5 % is kept for the steadiest metric, the others
 * share the rest by Holm's correction: among many noisy ones it would have to be twice as plain.
 */
export function judgeSideBySide(samples: readonly Samples[], floor: number): Judged[] {
  const tests = samples.map(({ base, head }) => {
    const positive = [...base, ...head].every((value) => value > 0);
    if (base.length < 2 || base.length !== head.length || !positive) return undefined;
    const logs = (values: readonly number[]) => values.map((value) => Math.log(value));
    return pairedTTest(logs(head), logs(base));
  });
  const tested = tests.flatMap((test, index) =>
    test === undefined || test.low === test.high ? [] : [{ index, p: test.p }],
  );
  const isSteady = ({ index }: { index: number }): boolean => samples[index]?.metric.id === steadiest;
  const adjusted = new Map(
    [tested.filter(isSteady), tested.filter((test) => !isSteady(test))].flatMap((family) => {
      const corrected = holm(family.map(({ p }) => p));
      return family.map(({ index }, place): [number, number] => [index, 2 * (corrected[place] ?? 1)]);
    }),
  );
  return samples.map((sample, index) => {
    const test = tests[index];
    if (test === undefined) return judgeRanked([sample], floor)[0] ?? unknown;
    const interval = {
      change: Math.expm1(test.difference),
      low: Math.expm1(test.low),
      high: Math.expm1(test.high),
    };
    const significant = test.low === test.high || (adjusted.get(index) ?? 1) < 0.05;
    return {
      ...interval,
      method: 'side by side',
      verdict: verdictOf(interval, sample.metric.better, { floor, significant }),
    };
  });
}

/** Processor time for each request: the clock on the wall runs for other processes too. */
const steadiest = 'server.work';

const unknown: Judged = { change: NaN, low: NaN, high: NaN, method: 'single', verdict: 'cannot tell' };

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
