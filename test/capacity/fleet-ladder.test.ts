import { describe, expect, it } from 'vitest';
import { simulate, type RunSpec } from '../../sim/index.ts';
import { climbWithFleet } from '../../src/capacity/fleet-ladder.ts';
import { DavpulseError } from '../../src/errors/index.ts';
import { parseThreshold } from '../../src/results/index.ts';
import { polling, saturation } from './slow-fleet.ts';

const climb = (mostUsers: number, run = (spec: RunSpec) => Promise.resolve(simulate(spec))) =>
  climbWithFleet(polling(20, 20_000), {
    objective: parseThreshold('server.response.p99 < 250ms'),
    mostUsers,
    run,
  });

describe('a ladder of fleets', () => {
  it('ends between the last fleet that a saturated server answers in time and the first that it does not', async () => {
    const ladder = await climb(10_000);
    expect(ladder.limit).toBe('objective');
    expect(ladder.devices).toBeLessThanOrEqual(saturation);
    expect(ladder.devices).toBeGreaterThan(0.8 * saturation);
    const largest = ladder.rungs.findLast(({ verdict }) => verdict === 'holds');
    expect(largest?.devices).toBe(ladder.devices);
    expect(ladder.rungs.map(({ users }) => users)).toEqual([20, 40, 80, 160, 200, 240, 320]);
  });

  it('says that the server was not the limit where it was not', async () => {
    expect((await climb(80)).limit).toBe('accounts');
    const lagging = await climb(10_000, (spec) =>
      spec.users > 100
        ? Promise.reject(new DavpulseError('DAVPULSE_GENERATOR_LAGGED', 'late'))
        : Promise.resolve(simulate(spec)),
    );
    expect(lagging).toMatchObject({ limit: 'generator', devices: 100 });
  });

  it('passes on what else goes wrong', async () => {
    const broken = new DavpulseError('DAVPULSE_SERVER_FAILED', 'no');
    await expect(climb(80, () => Promise.reject(broken))).rejects.toBe(broken);
  });
});
