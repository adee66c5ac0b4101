import { mean, sampleStandardDeviation, sampleVariance } from 'simple-statistics';
import { tQuantile, tTwoSided } from './student-t.ts';

/** Outcome of a t test: the difference of means (first minus second), its interval, and how surprising it is. */
export interface TTest {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly t: number;
  readonly df: number;
  readonly p: number;
}

function testOf(difference: number, error: number, df: number, confidence: number): TTest {
  const reach = tQuantile((1 + confidence) / 2, df) * error;
  const t = error === 0 && difference === 0 ? 0 : difference / error;
  return {
    difference,
    low: difference - reach,
    high: difference + reach,
    t,
    df,
    p: Number.isFinite(t) ? tTwoSided(t, df) : 0,
  };
}

/**
 * Paired t test: for runs that share their seeds, so that chance that both sides met the same way cancels
 * (common random numbers). @throws RangeError unless there are at least two pairs
 */
export function pairedTTest(first: readonly number[], second: readonly number[], confidence = 0.95): TTest {
  if (first.length !== second.length || first.length < 2) {
    throw new RangeError(
      `a paired test needs pairs, and two of them: got ${first.length} and ${second.length}`,
    );
  }
  const differences = first.map((value, index) => value - (second[index] ?? NaN));
  const error = sampleStandardDeviation(differences) / Math.sqrt(differences.length);
  return testOf(mean(differences), error, differences.length - 1, confidence);
}

/** Welch's t test for independent samples of unequal variance (Welch, Biometrika 34, 1947). @throws RangeError for fewer than two values */
export function welchTTest(first: readonly number[], second: readonly number[], confidence = 0.95): TTest {
  if (first.length < 2 || second.length < 2) throw new RangeError('a t test needs two values on each side');
  const [a, b] = [sampleVariance([...first]) / first.length, sampleVariance([...second]) / second.length];
  const df = (a + b) ** 2 / (a ** 2 / (first.length - 1) + b ** 2 / (second.length - 1));
  return testOf(mean([...first]) - mean([...second]), Math.sqrt(a + b), df, confidence);
}
