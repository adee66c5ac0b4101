import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSampler, meanOf } from '../../sim/index.ts';
import { withMean } from '../../src/capacity/with-cold.ts';

const duration = fc.double({ min: 0, max: 10, noNaN: true });

it('gives a time another mean, however short that is, and keeps it a time that can be drawn', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.0005, max: 10, noNaN: true }),
      fc.double({ min: 1, max: 5, noNaN: true }),
      fc.oneof(duration, fc.constantFrom(0, 0.00004, 0.00006)),
      (median, spread, meanMs) => {
        const paced = withMean({ kind: 'lognormal', median, p95: median * spread }, meanMs);
        // Kept to tenths of a microsecond: median and 95 % point may each be out by half of one.
        expect(() => createSampler(paced)).not.toThrow();
        if (meanMs > 0.01) expect(meanOf(paced) / meanMs).toBeCloseTo(1, 1);
      },
    ),
  );
});
