import { expect, it } from 'vitest';
import type { Came } from '../../src/capacity/cost-fleet.ts';
import { spreadCollections } from '../../src/capacity/spread-collections.ts';

const eachMs = { busyMs: 120, loopMs: 80 };
const visit = (requests: number, busyMs: number, majorGcs = 0): Came => ({
  requests,
  countedMs: 1000,
  busyMs: busyMs + majorGcs * eachMs.busyMs,
  loopMs: 0.9 * busyMs + majorGcs * eachMs.loopMs,
  waitedMs: 0,
  majorGcs,
});
const sum = (fleets: readonly (readonly Came[])[], of: (visit: Came) => number): number =>
  fleets.flat().reduce((total, one) => total + of(one), 0);

it('divides what collections of the heap took among all as their work is', () => {
  const calm = [visit(100, 100, 1), visit(100, 100, 1), visit(100, 100), visit(100, 100, 1)];
  const busy = [visit(1000, 600, 1), visit(1000, 600), visit(1000, 600), visit(1000, 600, 1)];
  const fleets = [calm, busy];
  const shared = spreadCollections(fleets);
  const spread = fleets.map((visits) => visits.map(shared));
  for (const figure of ['busyMs', 'loopMs'] as const) {
    expect(sum(spread, (one) => one[figure])).toBeCloseTo(
      sum(fleets, (one) => one[figure]),
      6,
    );
    const ratios = spread.flat().map((one) => one[figure] / (one.requests === 100 ? 100 : 600));
    expect(Math.max(...ratios)).toBeCloseTo(Math.min(...ratios), 6);
  }
});

it('leaves visits as they are where collections are too few to tell', () => {
  const fleets = [[visit(100, 100, 1), visit(100, 100)]];
  const spread = spreadCollections(fleets);
  expect(fleets.map((visits) => visits.map(spread))).toEqual(fleets);
});

it('divides those of some fleets among these, at what all that lived there tell one takes', () => {
  const prices = Array.from({ length: 3 }, () => [visit(100, 100, 1), visit(100, 100, 1), visit(100, 100)]);
  const points = [
    [visit(100, 100, 1), visit(100, 100)],
    [visit(1000, 600), visit(1000, 600)],
  ];
  const share = spreadCollections(points, [...prices, ...points]);
  const spread = points.map((visits) => visits.map(share));
  expect(sum(spread, (one) => one.busyMs)).toBeCloseTo(1520, 6);
  // One in points of 1,400 ms, though prices met six in 900.
  expect(spread.flat().map(({ busyMs }) => busyMs / 1520)).toEqual(
    [100, 100, 600, 600].map((workMs) => expect.closeTo(workMs / 1400, 6)),
  );
});
