import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate, type RunSpec } from '../../sim/index.ts';
import { fitPush } from '../../src/capacity/fit-push.ts';
import { specOf } from '../live/spec.ts';

const plain = specOf({
  users: 10,
  devicesPerUser: 1,
  changesPerSecond: 0.5,
  durationMs: 60_000,
  writer: 'external',
  syncPolicy: { kind: 'on-push', spreadMs: 0, skipKnown: 0, wholeAccount: 0 },
  pushPolicy: { kind: 'window', windowMs: 100, ttlSeconds: 60, topic: 0 },
});

/** Each write has so many readers. */
function fleetOf(members: number, eachMs: number, firstMs: number): RunSpec {
  const pushMs = { kind: 'constant', value: eachMs } as const;
  return {
    ...plain,
    collectionGroups: plain.collectionGroups.map((group) => ({ ...group, members })),
    server: {
      ...plain.server,
      pushMs,
      pushFirstMs: firstMs,
      cold: [{ idleMs: 20, costMs: 0.5 }],
    },
  };
}

describe('the cost of push messages', () => {
  it('is found from what fleets took that were pushed to', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 3000 }),
        fc.integer({ min: 0, max: 5000 }),
        (eachMicros, firstMicros) => {
          const [eachMs, firstMs] = [eachMicros / 1000, firstMicros / 1000];
          const fleets = [1, 10].map((members) => {
            const spec = fleetOf(members, eachMs, firstMs);
            return { spec, busyMs: simulate(spec).server.busyMs };
          });
          const fit = fitPush(fleets, 0.1);
          // Whether a message finds the server idle depends a little on what the others cost.
          expect(fit.eachMs / eachMs).toBeCloseTo(1, 1);
          expect(fit.firstMs).toBeCloseTo(firstMs, 1);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is not less than what messages take one after the other', () => {
    const fleets = [1, 10].map((members) => {
      const spec = fleetOf(members, 0.2, 1);
      return { spec, busyMs: simulate(spec).server.busyMs };
    });
    const fit = fitPush(fleets, 0.4);
    expect(fit.eachMs).toBe(0.4);
    // The rest of what they took is left for the bursts.
    expect(fit.firstMs).toBeLessThan(1);
    expect(fit.firstMs).toBeGreaterThan(0);
  });

  it('is never less than nothing, and what was guessed where fleets tell nothing', () => {
    const spec = fleetOf(10, 0.5, 0);
    expect(fitPush([{ spec, busyMs: 0 }], 0.7)).toEqual({ eachMs: 0.7, firstMs: 0 });
    expect(fitPush([], 0.7)).toEqual({ eachMs: 0.7, firstMs: 0 });
  });

  it('costs the simulated server what it was fitted to', () => {
    const { server, push } = simulate({
      ...fleetOf(10, 0.8, 1.5),
      server: { ...plain.server, pushMs: { kind: 'constant', value: 0.8 }, pushFirstMs: 1.5 },
      durationMs: 200_000,
    });
    const bursts = push.sent / 10;
    expect(push.sent).toBeGreaterThan(500);
    expect(server.busyMs).toBeCloseTo(push.sent * 0.8 + bursts * 1.5, 6);
  });
});
