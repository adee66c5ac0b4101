import type { Distribution } from '../spec.ts';
import { exponential, uniform } from './random.ts';

/** Draws from one distribution; keyed like every draw by (stream key, entity, index). */
export type Sampler = (key: number, entity: number, index: number) => number;

const z95 = 1.6448536269514722;

/** A sampler for a distribution. @throws RangeError for parameters that describe none. */
export function createSampler(distribution: Distribution): Sampler {
  switch (distribution.kind) {
    case 'constant': {
      const { value } = distribution;
      return () => value;
    }
    case 'uniform': {
      const { min, max } = distribution;
      if (!(max >= min))
        throw new RangeError(`a uniform distribution needs min <= max, got ${min} and ${max}`);
      return (key, entity, index) => min + (max - min) * uniform(key, entity, index);
    }
    case 'exponential': {
      const { mean } = distribution;
      return (key, entity, index) => mean * exponential(key, entity, index);
    }
    default: {
      const logNormal = logNormalOf(distribution);
      return (key, entity, index) => logNormal.quantile(uniform(key, entity, index));
    }
  }
}

type LogNormalSpec = Extract<Distribution, { kind: 'lognormal' }>;

/** By the object that describes them: a table is worth making once only. */
const made = new WeakMap<LogNormalSpec, LogNormal>();

/** @throws RangeError for parameters that describe none */
export function logNormalOf(distribution: LogNormalSpec): LogNormal {
  const known = made.get(distribution);
  if (known !== undefined) return known;
  const logNormal = new LogNormal(distribution.median, sigmaOf(distribution));
  made.set(distribution, logNormal);
  return logNormal;
}

function sigmaOf({ median, p95 }: { readonly median: number; readonly p95: number }): number {
  if (median > 0 && p95 >= median) return Math.log(p95 / median) / z95;
  throw new RangeError(`a log-normal distribution needs 0 < median <= p95, got ${median} and ${p95}`);
}

/** Mean of a distribution, in its own unit. */
export function meanOf(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return (distribution.min + distribution.max) / 2;
    case 'exponential':
      return distribution.mean;
    default:
      return distribution.median * Math.exp(sigmaOf(distribution) ** 2 / 2);
  }
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

const a = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
];
const b = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1,
  1,
];
const c = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const d = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];

/** Quantile of the standard normal distribution: P. J. Acklam's rational approximation, relative error below 1.15e-9. */
export function normalQuantile(probability: number): number {
  const lower = 0.02425;
  if (probability > 1 - lower) return -normalQuantile(1 - probability);
  if (probability < lower) {
    const q = Math.sqrt(-2 * Math.log(probability));
    return polynomial(c, q) / polynomial(d, q);
  }
  const q = probability - 0.5;
  return (q * polynomial(a, q * q)) / polynomial(b, q * q);
}

/** The value below which a share `probability` of a distribution lies. */
export function quantileOf(distribution: Distribution, probability: number): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return distribution.min + (distribution.max - distribution.min) * probability;
    case 'exponential':
      return -distribution.mean * Math.log(1 - probability);
    default: {
      const { median, p95 } = distribution;
      return median * (p95 / median) ** (normalQuantile(probability) / normalQuantile(0.95));
    }
  }
}

const tableSteps = 4096;
/** Steps at either end in which a table is too coarse for the tail. */
const tableEdge = 64;

/** The quantile function of a log-normal: read from a table, within 1e-4 of it, and computed in the tails. */
export class LogNormal {
  private readonly median: number;
  private readonly sigma: number;
  private readonly table: Float64Array;

  constructor(median: number, sigma: number) {
    this.median = median;
    this.sigma = sigma;
    this.table = Float64Array.from({ length: tableSteps + 1 }, (_, step) =>
      step === 0 || step === tableSteps ? 0 : this.computed(step / tableSteps),
    );
  }

  quantile(probability: number): number {
    const { table } = this;
    const place = probability * tableSteps;
    const step = place | 0;
    if (step < tableEdge || step >= tableSteps - tableEdge) return this.computed(probability);
    const low = table[step] ?? 0;
    return low + ((table[step + 1] ?? 0) - low) * (place - step);
  }

  private computed(probability: number): number {
    return this.median * Math.exp(this.sigma * normalQuantile(probability));
  }
}
