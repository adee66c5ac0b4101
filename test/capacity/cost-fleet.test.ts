import { expect, it } from 'vitest';
import { together, usual, type CostFleet, type Visit } from '../../src/capacity/cost-fleet.ts';
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
const left = (visits: readonly Visit[]): number[] => usual(visits).map(({ busyMs }) => busyMs);

it('leaves out what something else made dear, where there are visits enough to tell', () => {
  expect(left([visit(30), visit(400), visit(20), visit(31)])).toEqual([30, 20, 31]);
  expect(left([visit(30), visit(400)])).toEqual([30, 400]);
  expect(left([visit(30)])).toEqual([30]);
  expect(left([])).toEqual([]);
  // More requests take longer, and are no dearer for that.
  expect(left([visit(30), visit(300, 1000), visit(20)])).toEqual([30, 300, 20]);
  expect(left([visit(1, 0), visit(126, 0), visit(2, 0)])).toEqual([1, 2]);
});

it('adds visits up', () => {
  expect(together(fleet, [visit(30), visit(50, 300)])).toMatchObject({
    requests: 400,
    countedMs: 2000,
    busyMs: 80,
    loopMs: 80,
  });
});
