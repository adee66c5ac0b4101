import { mean, sampleVariance } from 'simple-statistics';
import { tQuantile } from './student-t.ts';

/** A mean over replications and, from two on, the half-width of its confidence interval, in the unit of the values. */
export interface Estimate {
  readonly mean: number;
  readonly halfWidth?: number;
  readonly n: number;
}

/**
 * Mean and t interval of independent replications; values that are not finite are left out, as a metric that
 * does not apply to a run has none. The mean is NaN when nothing is left.
 */
export function estimate(values: readonly number[], confidence = 0.95): Estimate {
  const finite = values.filter(Number.isFinite);
  const n = finite.length;
  if (n === 0) return { mean: NaN, n };
  if (n === 1) return { mean: mean(finite), n };
  const halfWidth = tQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(sampleVariance(finite) / n);
  return { mean: mean(finite), halfWidth, n };
}
