import { median } from 'simple-statistics';
import { normalQuantile, normalUpperTail } from './normal.ts';

/** Mid-ranks of the values, ties sharing the mean of their places. */
export function midRanks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).toSorted((a, b) => a.value - b.value);
  const ranks = Array.from(values, () => 0);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && order[to + 1]?.value === order[from]?.value) to += 1;
    for (const { index } of order.slice(from, to + 1)) ranks[index] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return ranks;
}

/**
 * Number of ways for each value of the U statistic of samples of `m` and `n` without ties (Mann and Whitney,
 * Annals of Mathematical Statistics 18, 1947: their recurrence, which only adds).
 */
function waysOfU(m: number, n: number): Float64Array {
  let rows: Float64Array[] = Array.from({ length: n + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= m; i += 1) {
    const next: Float64Array[] = [];
    for (let j = 0; j <= n; j += 1) {
      const ways = new Float64Array(i * j + 1);
      rows[j]?.forEach((count, u) => (ways[u + j] = (ways[u + j] ?? 0) + count));
      next[j - 1]?.forEach((count, u) => (ways[u] = (ways[u] ?? 0) + count));
      next.push(ways);
    }
    rows = next;
  }
  return rows[n] ?? Float64Array.of(1);
}

/** P(U <= u) for u = 0, 1, … without ties. */
function cumulativeU(m: number, n: number): Float64Array {
  const ways = waysOfU(m, n);
  const all = ways.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  return ways.map((count) => (sum += count) / all);
}

/** Standard deviation of U when tied values share ranks (Lehmann, Nonparametrics, 1975, section 1.4). */
function deviationOfU(m: number, n: number, ranks: readonly number[]): number {
  const tied = [...Map.groupBy(ranks, (rank) => rank).values()].reduce(
    (sum, { length }) => sum + (length ** 3 - length),
    0,
  );
  const all = m + n;
  return Math.sqrt(((m * n) / 12) * (all + 1 - tied / (all * (all - 1))));
}

export interface MannWhitney {
  /** U of the first sample: pairs in which its value is larger, ties counting half. */
  readonly u: number;
  /** Two-sided. */
  readonly p: number;
  readonly exact: boolean;
}

/** Exact distributions beyond this sample size add nothing to the normal approximation. */
const exactBelow = 50;

/**
 * Mann-Whitney U test, two-sided: exact for small samples without ties, otherwise the normal approximation with
 * corrections for ties and continuity; the same choices as R's wilcox.test. @throws RangeError for an empty sample
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): MannWhitney {
  const [m, n] = [first.length, second.length];
  if (m === 0 || n === 0) throw new RangeError('a rank test needs values on both sides');
  const ranks = midRanks([...first, ...second]);
  const u = ranks.slice(0, m).reduce((sum, rank) => sum + rank, 0) - (m * (m + 1)) / 2;
  const ties = new Set(ranks).size < ranks.length;
  if (!ties && m < exactBelow && n < exactBelow) {
    const tail = Math.min(u, m * n - u);
    return { u, p: Math.min(1, 2 * (cumulativeU(m, n)[tail] ?? 1)), exact: true };
  }
  const deviation = deviationOfU(m, n, ranks);
  const distance = Math.max(0, Math.abs(u - (m * n) / 2) - 0.5);
  return { u, p: deviation === 0 ? 1 : Math.min(1, 2 * normalUpperTail(distance / deviation)), exact: false };
}

export interface Shift {
  /** Hodges-Lehmann estimate of first minus second. */
  readonly shift: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Hodges-Lehmann shift with its interval from the ordered pairwise differences (Hollander and Wolfe,
 * Nonparametric Statistical Methods, section 4.3); exact without ties below 50 values, else by the normal
 * approximation of U. The interval is infinite where the samples are too small for the confidence.
 */
export function hodgesLehmann(first: readonly number[], second: readonly number[], confidence = 0.95): Shift {
  const [m, n] = [first.length, second.length];
  if (m === 0 || n === 0) throw new RangeError('a shift needs values on both sides');
  const differences = first.flatMap((a) => second.map((b) => a - b)).toSorted((a, b) => a - b);
  const place = lowerPlace(first, second, (1 - confidence) / 2);
  return {
    shift: median(differences),
    low: place < 1 ? -Infinity : (differences[place - 1] ?? -Infinity),
    high: place < 1 ? Infinity : (differences[m * n - place] ?? Infinity),
  };
}

/** Place, counted from 1, of the ordered difference that bounds the interval from below. */
function lowerPlace(first: readonly number[], second: readonly number[], tail: number): number {
  const [m, n] = [first.length, second.length];
  const ranks = midRanks([...first, ...second]);
  if (new Set(ranks).size === ranks.length && m < exactBelow && n < exactBelow) {
    const cumulative = cumulativeU(m, n);
    return (cumulative[0] ?? 1) > tail ? 0 : cumulative.findIndex((share) => share >= tail);
  }
  return Math.floor((m * n) / 2 - normalQuantile(1 - tail) * deviationOfU(m, n, ranks));
}
