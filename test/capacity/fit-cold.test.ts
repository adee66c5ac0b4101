import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../sim/index.ts';
import { coldPoints, fitCold } from '../../src/capacity/fit-cold.ts';
import { specOf } from '../live/spec.ts';

const rates = [0.02, 0.07, 0.2, 0.6, 2];
/** A cost that keeps the server busy leaves it idle for less: the fixed point of that. */
const costAt = (perMs: number, [base, most, time]: readonly [number, number, number], kept = 0) => {
  const whole = 1 / (1 + perMs * time);
  const cold = (most * whole) / (1 - kept * (1 - whole));
  return { perMs, costMs: (base + cold) / (1 + perMs * cold) };
};

describe('the cost of beginning again', () => {
  it('is found from costs by rate', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.03, max: 0.15, noNaN: true }),
        fc.double({ min: 0.2, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 20, noNaN: true }),
        (base, most, time) => {
          const fit = fitCold(rates.map((perMs) => costAt(perMs, [base, most, time])));
          for (const perMs of [0.04, 0.4]) {
            const wanted = costAt(perMs, [base, most, time]).costMs;
            const found = costAt(perMs, [fit.baseMs, fit.mostMs, fit.timeMs]).costMs;
            expect(found / wanted).toBeGreaterThan(0.98);
            expect(found / wanted).toBeLessThan(1.02);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('costs nothing where nothing shows', () => {
    expect(fitCold(rates.map((perMs) => ({ perMs, costMs: 0.1 }))).mostMs).toBeCloseTo(0, 3);
  });

  it.each([0, 0.5])('makes the simulated server cost by rate what the measured one did, %d kept', (kept) => {
    const truth = [0.1, 0.5, 5] as const;
    const [base, most] = truth;
    const contact = { firstMs: base + most, nextMs: base + kept * most };
    const fit = fitCold(
      rates.map((perMs) => costAt(perMs, truth, kept)),
      contact,
    );
    expect(fit.kept).toBeCloseTo(kept, 1);
    for (const users of [40, 400]) {
      const intervalMs = 1000;
      const spec = specOf({
        users,
        devicesPerUser: 1,
        members: 1,
        changesPerSecond: 0,
        durationMs: 20_000,
        syncPolicy: { kind: 'jittered', intervalMs, jitter: 0.5 },
      });
      const service = { kind: 'constant', value: fit.baseMs } as const;
      const { server } = simulate({
        ...spec,
        server: {
          ...spec.server,
          serviceMs: { ...spec.server.serviceMs, 'sync-collection': service },
          cold: coldPoints(fit),
          coldKept: fit.kept,
        },
      });
      const measured = costAt(users / intervalMs, truth, kept).costMs;
      expect(Math.abs(server.busyMs / server.requests / measured - 1)).toBeLessThan(0.1);
    }
  });
});
