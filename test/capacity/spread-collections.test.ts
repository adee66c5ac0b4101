import { expect, it } from 'vitest';
import type { Visit } from '../../src/capacity/cost-fleet.ts';
import { spreadCollections } from '../../src/capacity/spread-collections.ts';
import { specOf } from '../live/spec.ts';

const spec = specOf({});
const eachMs = { busyMs: 120, loopMs: 80 };
const visit = (requests: number, busyMs: number, majorGcs = 0): Visit => ({
  spec,
  requests,
  countedMs: 1000,
  busyMs: busyMs + majorGcs * eachMs.busyMs,
  loopMs: 0.9 * busyMs + majorGcs * eachMs.loopMs,
  waitedMs: 0,
  majorGcs,
});
const sum = (fleets: readonly (readonly Visit[])[], of: (visit: Visit) => number): number =>
  fleets.flat().reduce((total, one) => total + of(one), 0);

it('divides what collections of the heap took among all as their work is', () => {
  const calm = [visit(100, 100, 1), visit(100, 100, 1), visit(100, 100), visit(100, 100, 1)];
  const busy = [visit(1000, 600, 1), visit(1000, 600), visit(1000, 600), visit(1000, 600, 1)];
  const spread = spreadCollections([calm, busy]);
  for (const figure of ['busyMs', 'loopMs'] as const) {
    expect(sum(spread, (one) => one[figure])).toBeCloseTo(
      sum([calm, busy], (one) => one[figure]),
      6,
    );
    const ratios = spread.flat().map((one) => one[figure] / (one.requests === 100 ? 100 : 600));
    expect(Math.max(...ratios)).toBeCloseTo(Math.min(...ratios), 6);
  }
});

it('leaves visits as they are where collections are too few to tell', () => {
  const fleets = [[visit(100, 100, 1), visit(100, 100)]];
  expect(spreadCollections(fleets)).toEqual(fleets);
});
