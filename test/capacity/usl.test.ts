import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitUsl, uslThroughput } from '../../src/capacity/usl.ts';

const loads = [1, 2, 4, 8, 16, 32, 64];
const ladder = (theta: readonly [number, number, number]) =>
  loads.map((concurrency) => ({ concurrency, perSecond: uslThroughput(theta, concurrency) }));

describe('the fit of the Universal Scalability Law', () => {
  it('finds the parameters that made the points', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 10, max: 10_000, noNaN: true }),
        fc.double({ min: 0.005, max: 0.6, noNaN: true }),
        fc.double({ min: 1e-5, max: 0.01, noNaN: true }),
        (lambda, sigma, kappa) => {
          const fit = fitUsl(ladder([lambda, sigma, kappa]));
          expect(fit.lambda.value / lambda).toBeCloseTo(1, 4);
          expect(fit.sigma.value).toBeCloseTo(sigma, 4);
          expect(fit.kappa.value).toBeCloseTo(kappa, 5);
          expect(Math.max(...fit.residuals.map(Math.abs))).toBeLessThan(1e-4 * lambda);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('gives the published coefficients for the SPEC SDM91 measurements', () => {
    // Gunther, Guerrilla Capacity Planning, section 5.5; the same data and coefficients are in the R package usl.
    const measured = [
      [1, 64.9],
      [18, 995.9],
      [36, 1652.4],
      [72, 1853.2],
      [108, 1828.9],
      [144, 1775],
      [216, 1702.2],
    ] as const;
    const fit = fitUsl(measured.map(([concurrency, perSecond]) => ({ concurrency, perSecond })));
    expect(fit.sigma.value).toBeCloseTo(0.0277, 3);
    expect(fit.kappa.value).toBeCloseTo(0.000104, 5);
    expect(fit.peakConcurrency).toBeGreaterThan(90);
    expect(fit.peakConcurrency).toBeLessThan(103);
    expect(fit.sigma.standardError).toBeGreaterThan(0);
  });

  it('tells that more points are needed than parameters', () => {
    expect(() => fitUsl(ladder([1, 0.1, 0.001]).slice(0, 3))).toThrow(RangeError);
  });

  it('has no peak without coherency', () => {
    const fit = fitUsl(ladder([1000, 0.2, 0]));
    expect(fit.peakPerSecond).toBeCloseTo(5000, -1);
  });
});
