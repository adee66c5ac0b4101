import { incompleteBeta } from './incomplete-beta.ts';

/** Upper tail P(T > t) of Student's t distribution for t >= 0, exact in the far tail. */
const upperTail = (t: number, df: number): number => incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2;

/** P(T <= t) for Student's t distribution with `df` degrees of freedom, which need not be whole. */
export const tCdf = (t: number, df: number): number => (t < 0 ? upperTail(-t, df) : 1 - upperTail(t, df));

/** Two-sided p-value of a t statistic. */
export const tTwoSided = (t: number, df: number): number => 2 * upperTail(Math.abs(t), df);

/**
 * The t below which Student's distribution has probability `p`. Found by bisection on the tail, to the last
 * bits of a double. @throws RangeError unless 0 < p < 1 and df > 0
 */
export function tQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1 && df > 0)) throw new RangeError(`no t quantile for p = ${p}, df = ${df}`);
  if (p < 0.5) return -tQuantile(1 - p, df);
  let low = 0;
  let high = 1;
  while (upperTail(high, df) > 1 - p) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < 100 && high - low > 1e-15 * high; i += 1) {
    const middle = (low + high) / 2;
    if (upperTail(middle, df) > 1 - p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
