import { describe, expect, it } from 'vitest';
import { estimate } from '../../src/results/index.ts';
import { tCdf, tQuantile } from '../../src/results/statistics/student-t.ts';

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
