import { expect, it } from 'vitest';
import { cameOf, together, type CostFleet, type Visit } from '../../src/capacity/cost-fleet.ts';
import { simulate } from '../../sim/index.ts';
import { specOf } from '../live/spec.ts';

const spec = specOf({});
const fleet: CostFleet = { tells: 'reports', inContact: 1, spec };
const visit = (busyMs: number, requests = 100): Visit => ({
  spec,
  requests,
  countedMs: 1000,
  busyMs,
  loopMs: busyMs,
  waitedMs: 0,
  majorGcs: 0,
});

it('adds visits up', () => {
  expect(together(fleet, [visit(30), visit(50, 300)])).toMatchObject({
    requests: 400,
    countedMs: 2000,
    busyMs: 80,
    loopMs: 80,
  });
});

it('takes a run for what its server took', () => {
  const record = simulate(specOf({ durationMs: 10_000 }));
  const { requests, busyMs } = record.server;
  const came = { requests, busyMs, countedMs: 10_000, majorGcs: 0, loopMs: busyMs, waitedMs: 0 };
  expect(cameOf(record)).toEqual(came);
});
