import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate, type RunSpec } from '../../sim/index.ts';
import { fitPush, type BurstPoint } from '../../src/capacity/fit-push.ts';
import { specOf } from '../live/spec.ts';

const cold = { baseMs: 0.2, mostMs: 0.5, timeMs: 6, kept: 0 };
const rates = [0.005, 0.03];
const sizes = [1, 9];

const pointOf = (subscribers: number, perMs: number, eachMs: number, firstMs: number): BurstPoint => {
  const load = perMs * subscribers * eachMs;
  const idleMs = cold.mostMs / (1 + 2 * perMs * cold.timeMs);
  return { subscribers, perMs, load, costMs: subscribers * eachMs + (1 - load) * (firstMs + idleMs) };
};

describe('the cost of push messages', () => {
  it('is found from the costs of bursts', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (eachMs, firstMs) => {
          const points = sizes.flatMap((size) => rates.map((perMs) => pointOf(size, perMs, eachMs, firstMs)));
          const fit = fitPush(points, cold);
          expect(fit?.eachMs).toBeCloseTo(eachMs, 6);
          expect(fit?.firstMs).toBeCloseTo(firstMs, 6);
        },
      ),
    );
  });

  it('is never less than nothing', () => {
    const points = sizes.flatMap((size) =>
      rates.map((perMs) => ({ ...pointOf(size, perMs, 0.5, 0), costMs: 0.3 * size })),
    );
    expect(fitPush(points, cold)).toMatchObject({ firstMs: 0 });
    expect(fitPush(points, cold)?.eachMs).toBeGreaterThan(0);
  });

  it('is a number when noise leaves little to tell it by', () => {
    const nothing = { ...pointOf(1, 0.01, 0.5, 0), costMs: -1 };
    expect(fitPush([nothing, { ...nothing, costMs: NaN }], cold)).toBeUndefined();
    const one = fitPush([nothing, pointOf(9, 0.01, 0.5, 0)], cold);
    expect(Number.isFinite(one?.eachMs) && Number.isFinite(one?.firstMs)).toBe(true);
  });

  it('costs the simulated server what it was fitted to', () => {
    const eachMs = 0.8;
    const firstMs = 1.5;
    const plain = specOf({
      users: 10,
      devicesPerUser: 1,
      members: 10,
      changesPerSecond: 0.5,
      durationMs: 200_000,
      writer: 'external',
      syncPolicy: { kind: 'on-push', spreadMs: 0, skipKnown: 0, wholeAccount: 0 },
      pushPolicy: { kind: 'window', windowMs: 100, ttlSeconds: 60, topic: 0 },
    });
    const pushMs = { kind: 'constant', value: eachMs } as const;
    const spec: RunSpec = { ...plain, server: { ...plain.server, pushMs, pushFirstMs: firstMs } };
    const { server, push } = simulate(spec);
    const bursts = push.sent / 10;
    expect(push.sent).toBeGreaterThan(500);
    expect(server.busyMs).toBeCloseTo(push.sent * eachMs + bursts * firstMs, 6);
  });
});
