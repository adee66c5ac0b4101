import { describe, expect, it } from 'vitest';
import { nearSaturation, nextPace, paceInSimulation } from '../../src/capacity/near-saturation.ts';
import { polling, saturation } from './slow-fleet.ts';

describe('a fleet near saturation', () => {
  it.each([10, 150, 300])('is found in simulation for %i users', (users) => {
    const pace = paceInSimulation(polling(users, 10_000));
    expect((pace * users) / (nearSaturation * saturation)).toBeCloseTo(1, 1);
  });

  it('is corrected by what the server itself shows', () => {
    // A server on which the fleet as it is makes this load, up to all of its time.
    for (const load of [0.2, 0.9, 3]) {
      let pace = 1;
      for (let probe = 0; probe < 8; probe += 1) pace = nextPace(pace, Math.min(1, pace * load));
      expect(Math.abs(pace * load - nearSaturation)).toBeLessThan(0.07);
      expect(nextPace(pace, pace * load)).toBe(pace);
    }
  });

  it('is made slower when the machine that makes the load fell behind', () => {
    expect(nextPace(1, Infinity)).toBe(0.75);
  });
});
