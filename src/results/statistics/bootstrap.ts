import { mean, quantileSorted } from 'simple-statistics';
import { streamKey, uniform } from '../../../sim/index.ts';
import { normalCdf, normalQuantile } from './normal.ts';

export interface BootstrapOptions {
  readonly resamples?: number;
  readonly confidence?: number;
  /** Equal seeds give equal intervals. */
  readonly seed?: number;
}

/** Number of the random stream; the simulator's own streams are far below. */
const stream = 0x626f6f74;

/**
 * Interval of any statistic of a sample by the bias-corrected and accelerated bootstrap (Efron, Journal of the
 * American Statistical Association 82, 1987). @throws RangeError for fewer than two values
 */
export function bootstrapInterval(
  values: readonly number[],
  statistic: (sample: readonly number[]) => number,
  { resamples = 2000, confidence = 0.95, seed = 1 }: BootstrapOptions = {},
): { low: number; high: number } {
  const n = values.length;
  if (n < 2) throw new RangeError('a bootstrap needs at least two values');
  const key = streamKey(seed, stream);
  const draw = (resample: number, index: number): number =>
    values[Math.floor(uniform(key, resample, index) * n)] ?? NaN;
  const replicates = Array.from({ length: resamples }, (_, resample) =>
    statistic(Array.from(values, (_value, index) => draw(resample, index))),
  ).toSorted((a, b) => a - b);
  const observed = statistic(values);
  const below = replicates.filter((value) => value < observed).length;
  const equal = replicates.filter((value) => value === observed).length;
  const share = (below + equal / 2) / resamples;
  const bias = normalQuantile(Math.min(1 - 0.5 / resamples, Math.max(0.5 / resamples, share)));
  const acceleration = jackknifeAcceleration(values, statistic);
  const at = (probability: number): number => {
    const z = bias + normalQuantile(probability);
    return quantileSorted(replicates, normalCdf(bias + z / (1 - acceleration * z)));
  };
  return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) };
}

/** Skewness of the jackknife values: how the standard error changes with the parameter. */
function jackknifeAcceleration(
  values: readonly number[],
  statistic: (sample: readonly number[]) => number,
): number {
  const leftOut = values.map((_, index) => statistic(values.toSpliced(index, 1)));
  const centre = mean(leftOut);
  const squares = leftOut.reduce((sum, value) => sum + (centre - value) ** 2, 0);
  const cubes = leftOut.reduce((sum, value) => sum + (centre - value) ** 3, 0);
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}
