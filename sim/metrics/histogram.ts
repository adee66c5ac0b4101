import type { HistogramData } from './run-record.ts';

/** Values below 2^-10 share bucket 0; each octave above has 64 buckets, so a bucket is at most 1/64 wide. */
const firstExponent = 1023 - 10;
const bucketsPerOctave = 64;
const bucketCount = 60 * bucketsPerOctave;

const asFloat = new Float64Array(1);
const asWords = new Uint32Array(asFloat.buffer);
// The high word of a double holds the exponent and the leading mantissa bits; where it lies depends on the machine.
asFloat[0] = 1;
const highWord = asWords[1] === 0 ? 0 : 1;

/** The bucket of a non-negative value: its exponent and the six leading bits of its mantissa, read off the double. */
export function bucketOf(value: number): number {
  asFloat[0] = value;
  const bucket = ((asWords[highWord] ?? 0) >>> 14) - firstExponent * bucketsPerOctave;
  return bucket < 0 ? 0 : bucket >= bucketCount ? bucketCount - 1 : bucket;
}

/** Where a bucket begins. */
export function lowerBoundOf(bucket: number): number {
  if (bucket === 0) return 0;
  const octave = Math.floor(bucket / bucketsPerOctave);
  const step = bucket - octave * bucketsPerOctave;
  return 2 ** (octave - 10) * (1 + step / bucketsPerOctave);
}

/**
 * Log-linear histogram of non-negative values of any unit: quantiles within 1 %; count, sum, min and max exact.
 * Histograms of parts merge into the histogram of the whole.
 */
export class Histogram {
  count = 0;
  sum = 0;
  min = Infinity;
  max = -Infinity;
  private readonly counts = new Float64Array(bucketCount);

  add(value: number, times = 1): void {
    this.count += times;
    this.sum += value * times;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    const bucket = bucketOf(value);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + times;
  }

  merge(other: Histogram): void {
    this.count += other.count;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    for (let bucket = 0; bucket < bucketCount; bucket += 1) {
      this.counts[bucket] = (this.counts[bucket] ?? 0) + (other.counts[bucket] ?? 0);
    }
  }

  /** The value below which a share `q` of the values lie, the values of a bucket taken as spread evenly; `NaN` when there are none. */
  quantile(q: number): number {
    if (this.count === 0) return NaN;
    const wanted = q * this.count;
    let passed = 0;
    for (let bucket = 0; bucket < bucketCount; bucket += 1) {
      const count = this.counts[bucket] ?? 0;
      passed += count;
      if (passed < wanted || count === 0) continue;
      // The bounds of the values themselves are exact, so the outermost buckets are cut to them.
      const low = Math.max(this.min, lowerBoundOf(bucket));
      const high = Math.min(this.max, lowerBoundOf(bucket + 1));
      return low + (high - low) * (1 - (passed - wanted) / count);
    }
    return this.max;
  }

  toData(): HistogramData {
    const buckets = Array.from(this.counts, (count, bucket) => [bucket, count] as const).filter(
      ([, count]) => count > 0,
    );
    const empty = this.count === 0;
    return {
      kind: 'log-linear-1',
      count: this.count,
      sum: this.sum,
      // JSON has no infinities.
      min: empty ? 0 : this.min,
      max: empty ? 0 : this.max,
      buckets,
    };
  }

  static fromData(data: HistogramData): Histogram {
    const histogram = new Histogram();
    if (data.count === 0) return histogram;
    histogram.count = data.count;
    histogram.sum = data.sum;
    histogram.min = data.min;
    histogram.max = data.max;
    for (const [bucket, count] of data.buckets) histogram.counts[bucket] = count;
    return histogram;
  }
}

/** Quantile of a stored histogram; `NaN` when it is empty. */
export const histogramQuantile = (data: HistogramData, q: number): number =>
  Histogram.fromData(data).quantile(q);

/** The histogram of all values of several stored ones. */
export function mergeHistograms(datas: readonly HistogramData[]): HistogramData {
  const merged = new Histogram();
  for (const data of datas) merged.merge(Histogram.fromData(data));
  return merged.toData();
}
