import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../sim/index.ts';
import { plan } from '../../src/capacity/index.ts';
import { specOf } from '../live/spec.ts';

const serviceMs = 2;
const hourMs = 3_600_000;

function polling(intervalMs: number): RunSpec {
  const spec = specOf({
    users: 100,
    devicesPerUser: 1,
    members: 1,
    changesPerSecond: 0,
    durationMs: 4 * hourMs,
    syncPolicy: { kind: 'fixed', intervalMs },
  });
  const constant = { kind: 'constant', value: serviceMs } as const;
  return {
    ...spec,
    server: { ...spec.server, serviceMs: { ...spec.server.serviceMs, 'sync-collection': constant } },
  };
}

const options = { seeds: [1, 2, 3], objective: 0.7, monthlyCost: 50 };

describe('a plan', () => {
  it.each([10, 30])('divides the objective by what one device asks, polling each %i min', (minutes) => {
    const intervalMs = minutes * 60_000;
    const planned = plan(polling(intervalMs), options);
    // One request an interval on one collection: a device keeps a worker busy for service time over interval.
    const exact = (options.objective * intervalMs) / serviceMs;
    expect(planned.devicesPerServer.mean / exact).toBeCloseTo(1, 2);
    expect(planned.busy.mean.mean).toBeCloseTo((100 * serviceMs) / intervalMs, 5);
    expect(planned.equalPollIntervalMs.mean / intervalMs).toBeCloseTo(1, 2);
    expect(planned.costPerThousandDevices.mean).toBeCloseTo((50 * 1000) / exact, 2);
  });

  it('says what rests on its assumptions, and that it went beyond what was simulated', () => {
    const planned = plan(polling(10 * 60_000), options);
    expect(planned.extrapolates).toBe(true);
    const moreDevices = planned.sensitivity.find(({ assumption }) => assumption.includes('devices'));
    // Devices that each ask alike: more of them change nothing for one.
    expect(Math.abs(moreDevices?.change ?? NaN)).toBeLessThan(0.02);
  });
});
