import { expect, it } from 'vitest';
import { levelsOf, usual, type Took } from '../../src/capacity/usual.ts';

const visit = (busyMs: number, requests = 100, majorGcs = 0): Took => ({
  requests,
  countedMs: 1000,
  busyMs,
  majorGcs,
});
const left = (visits: readonly Took[], levels: readonly number[] = []): number[] =>
  usual(visits, levels).map(({ busyMs }) => busyMs);

it('leaves out what something else made dear, where there are visits enough to tell', () => {
  expect(left([visit(30), visit(400), visit(20), visit(31)])).toEqual([30, 20, 31]);
  expect(left([visit(30), visit(400)])).toEqual([30, 400]);
  expect(left([visit(30)])).toEqual([30]);
  expect(left([])).toEqual([]);
  // More requests take longer, and are no dearer for that.
  expect(left([visit(30), visit(300, 1000), visit(20)])).toEqual([30, 300, 20]);
  expect(left([visit(1, 0), visit(126, 0), visit(2, 0)])).toEqual([1, 2]);
});

it('keeps what was dear in a round that was so for all, and in which the heap was collected', () => {
  const fleets = [
    [visit(10), visit(18), visit(11), visit(10)],
    [visit(200, 1000), visit(390, 1000), visit(200, 1000), visit(190, 1000)],
    [visit(30), visit(60), visit(75), visit(31)],
    [visit(40), visit(80), visit(41), visit(42)],
  ];
  const levels = levelsOf(fleets);
  expect(levels[1]).toBeGreaterThan(1.7);
  expect(levels[2]).toBeLessThan(1.1);
  expect(fleets.map((visits) => left(visits, levels))).toEqual([
    [10, 18, 11, 10],
    [200, 390, 200, 190],
    [30, 60, 31],
    [40, 80, 41, 42],
  ]);
  expect(left([visit(30), visit(75, 100, 1), visit(31)])).toEqual([30, 75, 31]);
});

it('has no levels of nothing', () => {
  expect(levelsOf([])).toEqual([]);
  expect(levelsOf([[], []])).toEqual([]);
});
