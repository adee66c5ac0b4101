import { expect, it } from 'vitest';
import { measureCapacity } from '../../src/capacity/index.ts';
import { parseThreshold } from '../../src/results/index.ts';
import { specOf } from '../live/spec.ts';

it('finds out what the bundled server can do, in all that a profile has', async () => {
  const { ladders, fleet, profile, times } = await measureCapacity({
    name: 'small',
    fleet: specOf({ users: 4, durationMs: 1000 }),
    objective: parseThreshold('service.p99 < 10s'),
    workers: 1,
    rungMs: 200,
    mostUsers: 8,
    maxLagMs: 5000,
    signal: AbortSignal.timeout(250_000),
  });
  expect(ladders.map(({ kind }) => kind)).toEqual(['sync-token', 'sync-collection', 'multiget', 'put']);
  for (const { rungs, fit } of ladders) {
    expect(rungs.every(({ failed, cpuMs }) => failed === 0 && cpuMs > 0)).toBe(true);
    expect(fit.residuals).toHaveLength(rungs.length);
    expect(fit.lambda.standardError).toBeGreaterThan(0);
  }
  expect(fleet).toMatchObject({ devices: 16, limit: 'accounts' });
  expect(fleet.rungs.map(({ users }) => users)).toEqual([4, 8]);
  expect(times['put']?.cpuMs).toBeGreaterThan(times['sync-collection']?.cpuMs ?? Infinity);
  expect(profile.memory?.baseBytes).toBeGreaterThan(20e6);
  expect(profile.memory?.connectionBytes).toBeLessThan(1e6);
  expect(profile.cold?.length).toBeGreaterThan(3);
}, 300_000);
