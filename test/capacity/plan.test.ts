import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../sim/index.ts';
import { plan } from '../../src/capacity/index.ts';
import { renderPlan } from '../../src/cli/render-plan.ts';
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

const limits = { objective: 0.7, connections: 1e9, memoryBytes: 4e9 };
const options = { seeds: [1, 2, 3], limits, monthlyCost: 50 };

describe('a plan', () => {
  it.each([10, 30])('divides the objective by what one device asks, polling each %i min', (minutes) => {
    const intervalMs = minutes * 60_000;
    const planned = plan(polling(intervalMs), options);
    // One request an interval on one collection: a device keeps a worker busy for service time over interval.
    const exact = (limits.objective * intervalMs) / serviceMs;
    expect(planned.devicesPerServer.mean / exact).toBeCloseTo(1, 2);
    expect(planned.busy.mean.mean).toBeCloseTo((100 * serviceMs) / intervalMs, 5);
    expect(planned.equalPollIntervalMs.mean / intervalMs).toBeCloseTo(1, 2);
    expect(planned.costPerThousandDevices.mean).toBeCloseTo((50 * 1000) / exact, 2);
  });

  it('says what rests on its assumptions, and that it went beyond what was simulated', () => {
    const planned = plan(polling(10 * 60_000), options);
    expect(planned.extrapolations.some((text) => text.includes('times the devices'))).toBe(true);
    const moreDevices = planned.sensitivity.find(({ assumption }) => assumption.includes('devices'));
    // Devices that each ask alike: more of them change nothing for one.
    expect(Math.abs(moreDevices?.change ?? NaN)).toBeLessThan(0.02);
  });

  it('is read without figures that are none', () => {
    const text = renderPlan('polls', plan(polling(10 * 60_000), options));
    expect(text).not.toMatch(/NaN|\de\+/);
    expect(text).toContain('devices per server');
  });

  it('names what gives out first', () => {
    const spec = polling(10 * 60_000);
    const first = (server: Partial<RunSpec['server']>, own: Partial<typeof limits> = {}) =>
      plan({ ...spec, server: { ...spec.server, ...server } }, { ...options, limits: { ...limits, ...own } });
    expect(first({}).bottleneck).toBe('processor');
    const few = first({}, { connections: 100 });
    expect(few.bottleneck).toBe('connections');
    // A connection is kept for one of ten minutes after a contact; contacts as a Poisson process would make them.
    expect(few.devicesPerServer.mean).toBeCloseTo(100 / (1 - Math.exp(-0.1)), -1);
    const memory = { baseBytes: 800e6, connectionBytes: 1e6, subscriptionBytes: 0 };
    const small = first({ memory });
    expect(small.bottleneck).toBe('memory');
    expect(small.devicesPerServer.mean).toBeCloseTo(2000 / (1 - Math.exp(-0.1)), -2);
  });

  it('takes idle time for nothing, as a planned server has none', () => {
    const spec = polling(10 * 60_000);
    const cold = [{ idleMs: 1, costMs: 100 }];
    const planned = plan({ ...spec, server: { ...spec.server, cold } }, options);
    expect(planned.devicesPerServer).toEqual(plan(spec, options).devicesPerServer);
  });
});

const pushMs = 3;
const members = 50;

/** Everybody shares one collection; a message takes the server a while, a request none to speak of. */
function pushing(changesPerSecond: number): RunSpec {
  const spec = specOf({
    users: members,
    devicesPerUser: 1,
    members,
    changesPerSecond,
    durationMs: 4 * hourMs,
    writer: 'external',
    syncPolicy: { kind: 'hybrid', safetyIntervalMs: 24 * hourMs, spreadMs: 0 },
    pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 0 },
  });
  return { ...spec, server: { ...spec.server, pushMs: { kind: 'constant', value: pushMs } } };
}

describe('a plan with push', () => {
  const planned = plan(pushing(1 / 60), options);

  it('foretells the herd after a push: messages leave one after the other', () => {
    expect(planned.herd?.devices).toBe(members);
    // The last of them is told when all have been dispatched; the way itself takes under a millisecond here.
    expect((planned.herd?.drainMs ?? NaN) / (members * pushMs)).toBeCloseTo(1, 1);
    const left = 1 - planned.full.peakHour;
    expect(planned.herd?.drainAtPeakMs).toBeCloseTo((planned.herd?.drainMs ?? NaN) / left, 6);
  });

  it('knows that messages are what fills this server', () => {
    const { processor, 'push dispatch': dispatch } = planned.carried;
    expect(dispatch.mean / processor.mean).toBeCloseTo(1, 1);
    expect(planned.full.peakHour).toBeCloseTo(limits.objective, 1);
  });

  it('shows the hour of a dead push service, and the one that makes up for it', () => {
    const spec = pushing(1 / 60);
    const constant = { kind: 'constant', value: serviceMs } as const;
    const serviceMsOf = { ...spec.server.serviceMs, 'sync-collection': constant };
    const server = {
      ...spec.server,
      serviceMs: serviceMsOf,
      pushMs: { kind: 'constant', value: 0 } as const,
    };
    const { outage } = plan({ ...spec, server }, options).full;
    // Nobody comes while nobody is told; the messages of that hour are one contact each device when it is over.
    expect(outage?.during).toBeLessThan(0.1 * (outage?.duringWithout ?? NaN));
    expect(outage?.after).toBeGreaterThan(0.9 * (outage?.afterWithout ?? NaN));
  });

  it('finds polls as dear as push the rarer the fewer changes there are', () => {
    const intervals = planned.breakEven.map(({ intervalMs }) => intervalMs);
    expect(planned.breakEven.map(({ rate }) => rate)).toEqual([0.25, 1, 4]);
    expect(intervals.toSorted((a, b) => b - a)).toEqual(intervals);
  });
});
