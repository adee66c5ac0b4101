import { describe, expect, it } from 'vitest';
import { simulate, type RunRecord } from '../../sim/index.ts';
import {
  afterProbe,
  nearSaturation,
  ofSaturation,
  paceInSimulation,
  untilBorne,
} from '../../src/capacity/near-saturation.ts';
import { DavpulseError } from '../../src/errors/index.ts';
import { scaleTime } from '../../src/scenario/index.ts';
import { polling, saturation } from './slow-fleet.ts';

describe('a fleet near saturation', () => {
  it.each([10, 150, 300])('is found in simulation for %i users', (users) => {
    const pace = paceInSimulation(polling(users, 10_000));
    expect((pace * users) / (nearSaturation * saturation)).toBeCloseTo(1, 1);
  });

  const begin = { pace: 1, borne: 0, tooFast: Infinity };

  it('is corrected by what the server itself shows', () => {
    // A server on which the fleet as it is makes this load, up to all of its time.
    for (const load of [0.2, 0.87, 3]) {
      let search = begin;
      for (let probe = 0; probe < 8; probe += 1) {
        search = afterProbe(search, Math.min(1, search.pace * load));
      }
      expect(Math.abs(search.pace * load - nearSaturation)).toBeLessThan(0.05);
      expect(search.borne).toBe(search.pace);
    }
  });

  it.each([0.7, 0.8])(
    'comes to 90 %% of what a server bears on which requests wait without end from %d on',
    (most) => {
      let search = begin;
      for (let probe = 0; probe < 5; probe += 1) {
        search = afterProbe(search, search.pace >= most ? Infinity : search.pace);
      }
      expect(search.borne).toBeLessThan(most);
      expect(search.borne).toBeGreaterThan(0.9 * most);
      expect(ofSaturation(search)).toBeCloseTo(0.9 * most, 1);
    },
  );

  it.each([
    { of: 'a server that bears it', slower: 1, runs: 1 },
    { of: 'one that became slower', slower: 1.2, runs: 2 },
    { of: 'one that never has time', slower: 1000, runs: 3 },
  ])('runs more slowly again where its server is full: $of', async ({ slower, runs }) => {
    const users = 150;
    const found = (0.87 * saturation) / users;
    const loads: number[] = [];
    const { pace, record } = await untilBorne(found, (tried) => {
      const run: RunRecord = simulate(scaleTime(polling(users, 10_000), tried * slower));
      loads.push(run.server.busyMs / run.countedMs);
      return Promise.resolve(run);
    });
    expect(loads).toHaveLength(runs);
    expect(record.server.busyMs / record.countedMs).toBe(loads.at(-1));
    expect(pace < found).toBe(runs > 1);
  });

  it('runs more slowly again where the server was overrun for a while and caught up', async () => {
    const found = (0.87 * saturation) / 150;
    const paces: number[] = [];
    await untilBorne(found, (tried) => {
      paces.push(tried);
      const run: RunRecord = simulate(scaleTime(polling(150, 10_000), tried));
      const { responseMs } = run.server;
      const sum = responseMs.sum + (paces.length === 1 ? 25 * responseMs.count : 0);
      return Promise.resolve({ ...run, server: { ...run.server, responseMs: { ...responseMs, sum } } });
    });
    expect(paces).toEqual([found, expect.closeTo(0.75 * found)]);
  });

  it('runs more slowly again where the generator fell behind, and gives up when it always does', async () => {
    const found = (0.87 * saturation) / 150;
    const lagsUpTo = (times: number) => {
      let runs = 0;
      return untilBorne(found, (tried) => {
        runs += 1;
        return runs > times
          ? Promise.resolve(simulate(scaleTime(polling(150, 10_000), tried)))
          : Promise.reject(new DavpulseError('DAVPULSE_GENERATOR_LAGGED', 'late'));
      });
    };
    expect((await lagsUpTo(1)).pace).toBeLessThan(found);
    await expect(lagsUpTo(3)).rejects.toMatchObject({ code: 'DAVPULSE_GENERATOR_LAGGED' });
  });
});
