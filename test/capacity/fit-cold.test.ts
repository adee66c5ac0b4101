import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../sim/index.ts';
import { coldPoints, fitCold, type ColdFit, type RatePoint } from '../../src/capacity/fit-cold.ts';
import { specOf } from '../live/spec.ts';

const rates = [0.02, 0.07, 0.2, 0.6, 2];
/** As fast as keeps a server busy for 90 % of the time. */
const nearlyFull = (baseMs: number): number => 0.9 / baseMs;
/** Whoever comes while the server answers pays for no idle time. */
const costAt = (perMs: number, [base, most, time]: readonly [number, number, number]) => ({
  perMs,
  costMs: base + ((1 - perMs * base) * most) / (1 + perMs * time),
});
/** What `pointOf` has between two requests of a contact. */
const gapMs = 0.1;

describe('the cost of beginning again', () => {
  it('is found from costs by rate', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.06, max: 0.15, noNaN: true }),
        fc.double({ min: 0.2, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 20, noNaN: true }),
        (base, most, time) => {
          const fit = fitCold(
            rates.map((perMs) => costAt(perMs, [base, most, time])),
            gapMs,
          );
          for (const perMs of [0.04, 0.4]) {
            const wanted = costAt(perMs, [base, most, time]).costMs;
            const found = costOf(fit, perMs);
            expect(found / wanted).toBeGreaterThan(0.95);
            expect(found / wanted).toBeLessThan(1.05);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('hardly goes by fleets that count for little', () => {
    const points = rates.map((perMs) => costAt(perMs, [0.1, 0.5, 5]));
    const strange = { ...costAt(0.1, [0.2, 2, 5]), weight: 1e-3 };
    expect(costOf(fitCold([...points, strange], gapMs), 0.1)).toBeCloseTo(
      costOf(fitCold(points, gapMs), 0.1),
      3,
    );
  });

  it('costs nothing where nothing shows', () => {
    const { terms } = fitCold(
      rates.map((perMs) => ({ perMs, costMs: 0.1 })),
      gapMs,
    );
    for (const { mostMs } of terms) expect(mostMs).toBeCloseTo(0, 3);
  });

  it.each([0, 0.3, 0.7])(
    'is found from fleets whose devices look at one calendar or at four, %d kept',
    (kept) => {
      const truth = { baseMs: 0.1, terms: [{ mostMs: 0.5, timeMs: 5 }], kept, followingMs: NaN };
      const points = [1, 4].flatMap((inContact) =>
        (inContact === 1 ? [...rates, nearlyFull(truth.baseMs)] : rates.slice(0, 3)).map((perMs) =>
          pointOf(truth, perMs, inContact),
        ),
      );
      const fit = fitCold(points, gapMs);
      expect(Math.abs(fit.kept - kept)).toBeLessThan(0.1);
      for (const inContact of [1, 2, 4]) {
        const wanted = pointOf(truth, 0.1, inContact).costMs;
        // Here and there two contacts meet, of which the formula knows nothing.
        expect(Math.abs(pointOf(fit, 0.1, inContact).costMs / wanted - 1)).toBeLessThan(0.05);
      }
    },
  );
});

it('tells a server that takes several requests at a time from one whose caches are cold', () => {
  const terms = [
    { mostMs: 0.08, timeMs: 0.6 },
    { mostMs: 0.7, timeMs: 12 },
  ];
  const truth = { baseMs: 0.08, terms, kept: 0, followingMs: NaN };
  const fit = fitCold(
    [0.01, 0.03, 0.1, 0.36, 1.2, 4].map((perMs) => pointOf(truth, perMs, 1)),
    gapMs,
  );
  for (const perMs of [0.005, 0.05, 0.6, 6]) {
    const wanted = pointOf(truth, perMs, 1).costMs;
    expect(Math.abs(pointOf(fit, perMs, 1).costMs / wanted - 1), `${perMs}`).toBeLessThan(0.03);
  }
});

function costOf({ baseMs, terms, kept }: ColdFit, perMs: number): number {
  expect(kept).toBe(0);
  const paid = terms.reduce((sum, { mostMs, timeMs }) => sum + mostMs / (1 + perMs * timeMs), 0);
  return baseMs + (1 - perMs * baseMs) * paid;
}

/** What a simulated server takes whose beginnings cost what the fit says. */
function pointOf(fit: ColdFit, perMs: number, inContact: number): RatePoint {
  const users = 400;
  const intervalMs = (inContact * users) / perMs;
  const spec = specOf({
    users,
    devicesPerUser: 1,
    members: 1,
    changesPerSecond: 0,
    durationMs: Math.max(20_000, 4000 / perMs),
    syncPolicy: { kind: 'jittered', intervalMs, jitter: 0.5 },
  });
  const service = { kind: 'constant', value: fit.baseMs } as const;
  const { server, countedMs } = simulate({
    ...spec,
    collectionGroups: spec.collectionGroups.map((group) => ({ ...group, perUser: inContact })),
    server: {
      ...spec.server,
      serviceMs: { ...spec.server.serviceMs, 'sync-collection': service },
      cold: coldPoints(fit.terms),
      coldKept: fit.kept,
    },
  });
  return { perMs: server.requests / countedMs, costMs: server.busyMs / server.requests, inContact };
}
