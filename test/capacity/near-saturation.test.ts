import { describe, expect, it } from 'vitest';
import { nearSaturation, nextSize, sizeInSimulation } from '../../src/capacity/near-saturation.ts';
import { polling, saturation } from './slow-fleet.ts';

describe('a fleet near saturation', () => {
  it.each([10, 150, 2000])('is found in simulation from %i users on', (users) => {
    expect(sizeInSimulation(polling(users, 10_000)) / (nearSaturation * saturation)).toBeCloseTo(1, 1);
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
