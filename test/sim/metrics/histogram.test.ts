import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Histogram, histogramQuantile, mergeHistograms } from '../../../sim/index.ts';

const values = fc.array(fc.double({ min: 0.01, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 });
const of = (list: readonly number[]): Histogram => {
  const histogram = new Histogram();
  for (const value of list) histogram.add(value);
  return histogram;
};

describe('histogram', () => {
  test.prop([values, fc.double({ min: 0, max: 1, noNaN: true })])(
    'puts a quantile between the values it lies between, give or take 1.6 %',
    (list, q) => {
      const sorted = list.toSorted((a, b) => a - b);
      const place = Math.max(0, Math.ceil(q * list.length) - 1);
      const quantile = of(list).quantile(q);
      expect(quantile).toBeGreaterThanOrEqual((sorted[Math.max(0, place - 1)] ?? 0) * 0.984);
      expect(quantile).toBeLessThanOrEqual((sorted[place] ?? 0) * 1.016);
    },
  );

  test.prop([values, values])('of parts merges into that of the whole', (first, second) => {
    const merged = mergeHistograms([of(first).toData(), of(second).toData()]);
    const whole = of([...first, ...second]).toData();
    expect({ ...merged, sum: 0 }).toEqual({ ...whole, sum: 0 });
    expect(merged.sum).toBeCloseTo(whole.sum, 3);
  });

  test.prop([values])('comes back from its data', (list) => {
    const histogram = of(list);
    expect(Histogram.fromData(histogram.toData())).toEqual(histogram);
  });

  it('finds evenly spread values within 1 %', () => {
    const histogram = of(Array.from({ length: 100_000 }, (_, place) => (place + 0.5) / 100));
    for (const q of [0.01, 0.1, 0.5, 0.9, 0.999]) {
      expect(Math.abs(histogram.quantile(q) / (q * 1000) - 1)).toBeLessThan(0.01);
    }
  });

  it('is NaN when empty', () => {
    expect(histogramQuantile(new Histogram().toData(), 0.5)).toBeNaN();
  });
});
