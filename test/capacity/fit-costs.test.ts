import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate, type RunSpec } from '../../sim/index.ts';
import { fitCosts, type CostFit } from '../../src/capacity/fit-costs.ts';
import { withPush } from '../../src/capacity/with-cold.ts';
import { specOf } from '../live/spec.ts';

/** Each write has so many readers. */
function fleetOf(members: number, changesPerSecond: number, fit: CostFit): RunSpec {
  const plain = specOf({
    users: 10,
    devicesPerUser: 1,
    members,
    changesPerSecond,
    durationMs: 30_000,
    writer: 'external',
    syncPolicy: { kind: 'on-push', spreadMs: 0, skipKnown: 0, wholeAccount: 0 },
    pushPolicy: { kind: 'window', windowMs: 100, ttlSeconds: 60, topic: 0 },
  });
  const cold = [{ idleMs: 20, costMs: 0.5 }];
  return { ...plain, server: withPush({ ...plain.server, cold }, fit) };
}

const sizes = [
  [1, 0.5],
  [10, 0.5],
  [1, 4],
  [10, 4],
] as const;
const fleetsOf = (fit: CostFit) =>
  sizes.map(([members, changesPerSecond]) => {
    const spec = fleetOf(members, changesPerSecond, fit);
    const { busyMs, requests } = simulate(spec).server;
    return { visits: [{ spec, requests, busyMs }] };
  });

describe('the cost of push messages', () => {
  const drawn = fc
    .record({
      each: fc.integer({ min: 100, max: 3000 }),
      most: fc.constantFrom(0, 1000, 5000),
      timeMs: fc.constantFrom(20, 80, 320),
    })
    .map(({ each, most, timeMs }) => ({ eachMs: each / 1000, mostMs: most / 1000, timeMs }));
  const found = ({ eachMs, burstMs, mostMs, timeMs }: CostFit): CostFit => {
    const fit = fitCosts(fleetsOf({ eachMs, burstMs, mostMs, timeMs }), withPush, 0.1);
    const all = 0.05 * (eachMs + mostMs + burstMs);
    expect(fit.eachMs / eachMs).toBeCloseTo(1, 1);
    expect(Math.abs(fit.mostMs + fit.burstMs - mostMs - burstMs)).toBeLessThan(all);
    return fit;
  };

  it('is found from what fleets took that were pushed to', () => {
    fc.assert(
      fc.property(drawn, ({ eachMs, mostMs, timeMs }) => {
        const fit = found({ eachMs, burstMs: 0, mostMs, timeMs });
        expect(Math.abs(fit.mostMs - mostMs)).toBeLessThan(0.05 * (eachMs + mostMs));
        expect(fit.burstMs).toBeLessThan(0.05 * (eachMs + mostMs));
        if (mostMs > eachMs) expect(fit.timeMs).toBe(timeMs);
      }),
      { numRuns: 10 },
    );
  });

  it('is found with a price for each burst, which only longer time constants tell from what waited', () => {
    fc.assert(
      fc.property(drawn, ({ eachMs, mostMs, timeMs }) => {
        const burstMs = 0.8;
        const fit = found({ eachMs, burstMs, mostMs, timeMs });
        // Bursts are 100 ms apart: after the shortest all that idle time costs is due for each.
        if (timeMs < 80) return;
        expect(Math.abs(fit.mostMs - mostMs)).toBeLessThan(0.05 * (eachMs + mostMs));
        expect(Math.abs(fit.burstMs - burstMs)).toBeLessThan(0.05 * (eachMs + mostMs + burstMs));
        if (mostMs > eachMs) expect(fit.timeMs).toBe(timeMs);
      }),
      { numRuns: 5 },
    );
  });

  it('is what visits came to together, some of them in dear minutes', () => {
    const fit = { eachMs: 0.4, burstMs: 0, mostMs: 0, timeMs: 80 };
    const fleets = fleetsOf(fit)
      .slice(0, 2)
      .map(({ visits }) => ({
        visits: [0.7, 0.8, 1.5].flatMap((times) =>
          visits.map((visit) => ({ ...visit, busyMs: visit.busyMs * times })),
        ),
      }));
    expect(fitCosts(fleets, withPush, 0.1).eachMs).toBeCloseTo(0.4, 2);
  });

  it('is that of as many requests as there were, of which a full server does not get to all', () => {
    const fleets = fleetsOf({ eachMs: 0.4, burstMs: 0, mostMs: 0, timeMs: 80 }).map(({ visits }) => ({
      visits: visits.map(({ spec, requests, busyMs }) => ({
        spec,
        requests: 0.9 * requests,
        busyMs: 0.9 * busyMs,
      })),
    }));
    expect(fitCosts(fleets, withPush, 0.1).eachMs).toBeCloseTo(0.4, 2);
  });

  it('is never less than nothing, and what was guessed where fleets tell nothing', () => {
    const spec = fleetOf(10, 0.5, { eachMs: 0.5, burstMs: 0, mostMs: 0, timeMs: 80 });
    expect(fitCosts([{ visits: [{ spec, requests: 100, busyMs: 0 }] }], withPush, 0.7)).toMatchObject({
      eachMs: 0.7,
      mostMs: 0,
    });
    expect(fitCosts([], withPush, 0.7)).toMatchObject({ eachMs: 0.7, mostMs: 0 });
  });

  it('costs the simulated server more for the first message of a burst, by how long there was none', () => {
    const fit = { eachMs: 0.8, burstMs: 0, mostMs: 1.5, timeMs: 1 };
    const { server, ...spec } = fleetOf(10, 0.5, fit);
    const { cold: _, ...never } = server;
    const run = simulate({ ...spec, server: never, durationMs: 200_000 });
    const bursts = run.push.sent / 10;
    expect(run.push.sent).toBeGreaterThan(500);
    // All bursts come long after the time constant; the last point of the curve is at five of them.
    expect(run.server.busyMs).toBeCloseTo(run.push.sent * 0.8 + bursts * 1.5 * (1 - Math.exp(-5)), 1);
  });
});
