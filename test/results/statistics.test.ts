import { quantile } from 'simple-statistics';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Histogram, streamKey, uniform } from '../../sim/index.ts';
import { estimate } from '../../src/results/index.ts';
import { bootstrapInterval } from '../../src/results/statistics/bootstrap.ts';
import { holm } from '../../src/results/statistics/holm.ts';
import { hodgesLehmann, mannWhitney, midRanks } from '../../src/results/statistics/mann-whitney.ts';
import { mser5 } from '../../src/results/statistics/mser.ts';
import { normalCdf, normalQuantile } from '../../src/results/statistics/normal.ts';
import { pairedTTest, welchTTest } from '../../src/results/statistics/paired.ts';
import { precisionState } from '../../src/results/statistics/precision.ts';
import { quantileInterval } from '../../src/results/statistics/quantile-interval.ts';
import { tCdf, tQuantile } from '../../src/results/statistics/student-t.ts';

/** Permeability of placental membranes: Hollander and Wolfe 1973, page 69; the example of R's wilcox.test. */
const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const preterm = [1.15, 0.88, 0.9, 0.74, 1.21];
/** Extra hours of sleep under two drugs: Student, Biometrika 6, 1908; the example of R's t.test. */
const drug1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const drug2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
/** Ozone in New York in May and August 1973, R's airquality: many ties. */
const may = [
  41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37,
];
const august = [
  39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84, 85,
];

/** Within 1e-9 of the value that R 4.2.2 prints. */
const asInR = (actual: number, expected: number): void =>
  expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-9);

describe('Student t distribution', () => {
  // R 4.2.2: qt(p, df)
  it.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 2, 4.302652729749462],
    [0.975, 9, 2.262157162798205],
    [0.95, 29, 1.6991270265334975],
    [0.9995, 5, 6.868826625881273],
    [0.025, 4.5, -2.6589123472044034],
  ])('has the quantile of R: qt(%f, %f)', (p, df, expected) => {
    expect(Math.abs(tQuantile(p, df) / expected - 1)).toBeLessThan(1e-12);
  });

  it('inverts its own distribution function', () => {
    for (const p of [1e-6, 0.01, 0.3, 0.5, 0.77, 0.999]) {
      for (const df of [1, 2.5, 30, 1000]) expect(tCdf(tQuantile(p, df), df)).toBeCloseTo(p, 12);
    }
  });
});

describe('estimate', () => {
  it('has the t interval of R for the sleep data, group 2', () => {
    // R 4.2.2: t.test(sleep$extra[sleep$group == 2])
    const { mean, halfWidth, n } = estimate([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]);
    expect(n).toBe(10);
    expect(mean).toBeCloseTo(2.33, 12);
    expect(mean - (halfWidth ?? NaN)).toBeCloseTo(0.897677539376705, 12);
  });

  it('leaves out what does not apply, and gives no interval for one value', () => {
    expect(estimate([3, NaN])).toEqual({ mean: 3, n: 1 });
    expect(estimate([NaN]).n).toBe(0);
  });
});

describe('normal distribution', () => {
  it.each([
    [-8, 6.220960574271785e-16],
    [-3, 0.0013498980316300946],
    [-1, 0.15865525393145705],
    [0.5, 0.6914624612740131],
    [1.96, 0.97500210485178],
    [5, 0.9999997133484281],
  ])('has pnorm(%f) of R', (z, p) => asInR(normalCdf(z), p));

  it.each([
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489],
    [0.9999, 3.719016485455708],
    [0.2, -0.8416212335729142],
  ])('has qnorm(%f) of R', (p, z) => asInR(normalQuantile(p), z));
});

describe('t tests', () => {
  it('pair as t.test(drug1, drug2, paired = TRUE) of R', () => {
    const { t, df, p, low, high, difference } = pairedTTest(drug1, drug2);
    asInR(t, -4.062127683382037);
    asInR(p, 0.00283289019738427);
    asInR(low, -2.4598857632769824);
    asInR(high, -0.7001142367230175);
    asInR(difference, -1.58);
    expect(df).toBe(9);
  });

  it('do not assume equal variances, as t.test(drug1, drug2) of R', () => {
    const { t, df, p, low, high } = welchTTest(drug1, drug2);
    asInR(t, -1.860813467486853);
    asInR(df, 17.776473516178498);
    asInR(p, 0.07939414018735817);
    asInR(low, -3.3654832307117104);
    asInR(high, 0.20548323071171018);
  });

  it('are sure of a difference that never varies, and of none', () => {
    expect(pairedTTest([2, 3], [1, 2])).toMatchObject({ difference: 1, low: 1, high: 1, p: 0 });
    expect(pairedTTest([2, 3], [2, 3])).toMatchObject({ difference: 0, t: 0, p: 1 });
    expect(() => pairedTTest([1], [1])).toThrow(RangeError);
  });
});

describe('Mann-Whitney test and Hodges-Lehmann shift', () => {
  it('are exact as wilcox.test(term, preterm, conf.int = TRUE) of R', () => {
    const { u, p, exact } = mannWhitney(term, preterm);
    expect([u, exact]).toEqual([35, true]);
    asInR(p, 0.2544122544122544);
    const { shift, low, high } = hodgesLehmann(term, preterm);
    asInR(shift, 0.305);
    asInR(low, -0.15);
    asInR(high, 0.76);
  });

  it('correct for ties and continuity as wilcox.test(may, august) of R', () => {
    const { u, p, exact } = mannWhitney(may, august);
    expect([u, exact]).toEqual([127.5, false]);
    asInR(p, 0.00012080783076877442);
  });

  it('know when there is too little to tell', () => {
    expect(hodgesLehmann([1, 2], [3, 4])).toEqual({ shift: -2, low: -Infinity, high: Infinity });
    expect(mannWhitney([1, 1], [1, 1]).p).toBe(1);
  });

  test.prop([fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 })])(
    'rank by counting what is smaller',
    (values) => {
      const ranks = midRanks(values);
      for (const [index, value] of values.entries()) {
        const smaller = values.filter((other) => other < value).length;
        const equal = values.filter((other) => other === value).length;
        expect(ranks[index]).toBe(smaller + (equal + 1) / 2);
      }
    },
  );
});

describe('quantiles', () => {
  it.each([
    [0.1, 0.793],
    [0.25, 0.8825],
    [0.5, 1.415],
    [0.9, 1.892],
    [0.95, 1.901],
  ])('are those of type 7, as quantile(term, %f) of R', (q, expected) => asInR(quantile(term, q), expected));

  it('lie in their interval about as often as it claims', () => {
    const key = streamKey(5, 1);
    const hits = Array.from({ length: 300 }, (_, sample) => {
      const histogram = new Histogram();
      for (let i = 0; i < 400; i += 1) histogram.add(1000 * uniform(key, sample, i));
      const { low, high } = quantileInterval(histogram.toData(), 0.9);
      return low <= 900 && 900 <= high;
    }).filter(Boolean).length;
    expect(hits / 300).toBeGreaterThan(0.91);
    expect(hits / 300).toBeLessThan(0.995);
  });
});

describe('Holm correction', () => {
  it('is that of p.adjust of R', () => {
    const adjusted = holm([0.01, 0.02, 0.03, 0.04, 0.05, 0.001, 0.3]);
    const expected = [0.06, 0.1, 0.12, 0.12, 0.12, 0.007, 0.3];
    for (const [index, p] of adjusted.entries()) asInR(p, expected[index] ?? NaN);
  });
});

describe('bootstrap', () => {
  const mean = (sample: readonly number[]) => sample.reduce((sum, value) => sum + value, 0) / sample.length;

  it('gives equal intervals for equal seeds', () => {
    expect(bootstrapInterval(term, mean, { seed: 3 })).toEqual(bootstrapInterval(term, mean, { seed: 3 }));
    expect(bootstrapInterval(term, mean, { seed: 3 })).not.toEqual(
      bootstrapInterval(term, mean, { seed: 4 }),
    );
  });

  it('covers the mean of a skewed distribution about as often as it claims', () => {
    const key = streamKey(9, 2);
    const hits = Array.from({ length: 200 }, (_, sample) => {
      const values = Array.from({ length: 40 }, (_value, i) => -Math.log(1 - uniform(key, sample, i)));
      const { low, high } = bootstrapInterval(values, mean, { resamples: 600, seed: sample });
      return low <= 1 && 1 <= high;
    }).filter(Boolean).length;
    expect(hits / 200).toBeGreaterThan(0.87);
    expect(hits / 200).toBeLessThan(0.99);
  });
});

describe('MSER-5', () => {
  const key = streamKey(2, 3);
  const noise = (i: number) => uniform(key, 0, i) - 0.5;

  it('cuts off a ramp and leaves a steady series alone', () => {
    const ramp = Array.from({ length: 400 }, (_, i) => noise(i) + Math.max(0, 20 - i / 3));
    const cut = mser5(ramp) ?? NaN;
    expect(cut).toBeGreaterThanOrEqual(50);
    expect(cut).toBeLessThanOrEqual(75);
    expect(mser5(Array.from({ length: 400 }, (_, i) => noise(i)))).toBeLessThanOrEqual(30);
  });

  it('does not pretend to know where a series never settles', () => {
    expect(mser5(Array.from({ length: 400 }, (_, i) => i ** 2))).toBeUndefined();
    expect(mser5([1, 2, 3])).toBeUndefined();
  });
});

describe('sequential stopping', () => {
  const goal = { metricId: 'staleness.p95', relative: 0.02 };

  it('asks for what the spread calls for, step by step, and says why it ends', () => {
    expect(precisionState({ mean: 100, halfWidth: 1.9, n: 4 }, goal, 50)).toEqual({ kind: 'reached' });
    expect(precisionState({ mean: 100, halfWidth: 3, n: 4 }, goal, 50)).toEqual({ kind: 'more', seeds: 9 });
    expect(precisionState({ mean: 100, halfWidth: 50, n: 4 }, goal, 50)).toEqual({ kind: 'more', seeds: 9 });
    expect(precisionState({ mean: 100, n: 1 }, goal, 50)).toEqual({ kind: 'more', seeds: 3 });
    expect(precisionState({ mean: 100, halfWidth: 50, n: 50 }, goal, 50)).toMatchObject({
      kind: 'budget-ended',
    });
  });
});
