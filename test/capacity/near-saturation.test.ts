import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../sim/index.ts';
import { nearSaturation, nextSize, sizeInSimulation } from '../../src/capacity/near-saturation.ts';
import { specOf } from '../live/spec.ts';

const serviceMs = 5;
const intervalMs = 1000;
/** One worker serves that many devices in an interval. */
const saturation = intervalMs / serviceMs;

function polling(users: number): RunSpec {
  const spec = specOf({
    users,
    devicesPerUser: 1,
    members: 1,
    changesPerSecond: 0,
    durationMs: 10_000,
    warmUpMs: 2000,
    syncPolicy: { kind: 'jittered', intervalMs, jitter: 0.5 },
  });
  const constant = { kind: 'constant', value: serviceMs } as const;
  return {
    ...spec,
    server: { ...spec.server, serviceMs: { ...spec.server.serviceMs, 'sync-collection': constant } },
  };
}

describe('a fleet near saturation', () => {
  it.each([10, 150, 2000])('is found in simulation from %i users on', (users) => {
    expect(sizeInSimulation(polling(users)) / (nearSaturation * saturation)).toBeCloseTo(1, 1);
  });

  it('is corrected by what the server itself shows', () => {
    // A server on which each user takes a load of `each`, up to all of its time.
    for (const each of [0.002, 0.005, 0.02]) {
      let users = 180;
      for (let probe = 0; probe < 8; probe += 1) users = nextSize(users, Math.min(1, users * each));
      expect(Math.abs(users * each - nearSaturation)).toBeLessThan(0.07);
      expect(nextSize(users, users * each)).toBe(users);
    }
  });

  it('is made smaller when the machine that makes the load fell behind', () => {
    expect(nextSize(100, Infinity)).toBe(75);
  });
});
