import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitPositive } from '../../src/capacity/fit-positive.ts';

const value = fc.double({ min: 0, max: 10, noNaN: true });
const places = [
  [1, 0.5, 0],
  [3, 1, 2],
  [2, 5, 1],
  [0, 1, 4],
];
const rowsOf = (wanted: readonly number[]) =>
  places.map((parts) => ({
    parts,
    sum: parts.reduce((sum, part, place) => sum + part * (wanted[place] ?? 0), 0),
  }));

it('finds the three numbers that rows were made of', () => {
  fc.assert(
    fc.property(fc.tuple(value, value, value), (wanted) => {
      const { values, error } = fitPositive(rowsOf(wanted), 3);
      for (const [place, number] of wanted.entries()) expect(values[place]).toBeCloseTo(number, 6);
      expect(error).toBeLessThan(1e-9);
    }),
  );
});

it('gives the nearest of which none is below nothing', () => {
  const { values, error } = fitPositive(rowsOf([2, -1, 3]), 3);
  expect(Math.min(...values)).toBe(0);
  // Whoever changes one of them a little is further off.
  for (const [place] of values.entries()) {
    for (const step of [0.01, -0.01]) {
      const other = values.map((number, at) => (at === place ? number + step : number));
      if (Math.min(...other) < 0) continue;
      const left = rowsOf([2, -1, 3]).map(({ parts, sum }) =>
        parts.reduce((rest, part, at) => rest - part * (other[at] ?? 0), sum),
      );
      expect(left.reduce((sum, rest) => sum + rest * rest, 0)).toBeGreaterThan(error);
    }
  }
});

it('lets a row count for as much as it weighs', () => {
  const rows = [
    { parts: [1], sum: 1, weight: 3 },
    { parts: [1], sum: 2 },
  ];
  expect(fitPositive(rows, 1).values[0]).toBeCloseTo((9 * 1 + 2) / 10, 9);
});
