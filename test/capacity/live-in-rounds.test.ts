import { expect, it } from 'vitest';
import type { LivedFleet } from '../../src/capacity/cost-fleet.ts';
import { middleHalf } from '../../src/capacity/live-in-rounds.ts';
import { specOf } from '../live/spec.ts';

const visit = (busyMs: number, requests = 100): LivedFleet => ({
  tells: requests === 0 ? 'upkeep' : 'reports',
  inContact: 1,
  spec: specOf({}),
  requests,
  countedMs: 1000,
  busyMs,
  loopMs: busyMs,
  waitedMs: 0,
  majorGcs: 0,
});
const left = (visits: readonly LivedFleet[]): number[] => middleHalf(visits).map(({ busyMs }) => busyMs);

it('leaves out what something else made dear or cheap, where there are visits enough to tell', () => {
  expect(left([visit(30), visit(400), visit(20), visit(31)])).toEqual([30, 31]);
  expect(left([visit(30), visit(400), visit(20)])).toEqual([30]);
  expect(left([visit(30), visit(400)])).toEqual([30, 400]);
  expect(left([visit(30)])).toEqual([30]);
  // More requests take longer, and are no dearer for that.
  expect(left([visit(30), visit(300, 1000), visit(10), visit(50)])).toHaveLength(2);
  expect(left([visit(1, 0), visit(126, 0), visit(2, 0)])).toEqual([2]);
});
