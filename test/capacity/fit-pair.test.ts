import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitPair } from '../../src/capacity/fit-pair.ts';

const value = fc.double({ min: 0, max: 10, noNaN: true });

it('finds the two numbers that rows were made of', () => {
  fc.assert(
    fc.property(value, value, (x, y) => {
      const rows = [
        [1, 0.5],
        [3, 1],
        [2, 5],
      ].map(([a = 0, b = 0]) => ({ a, b, sum: a * x + b * y }));
      const fit = fitPair(rows);
      expect(fit.x).toBeCloseTo(x, 8);
      expect(fit.y).toBeCloseTo(y, 8);
    }),
  );
});

it('gives the nearest pair of which neither is below zero', () => {
  const rows = [
    { a: 1, b: 0, sum: 2 },
    { a: 0, b: 1, sum: -1 },
  ];
  expect(fitPair(rows)).toEqual({ x: 2, y: 0, error: 1 });
  expect(fitPair(rows.map(({ a, b, sum }) => ({ a: b, b: a, sum })))).toEqual({ x: 0, y: 2, error: 1 });
});

it('tells one number where the other appears nowhere', () => {
  expect(fitPair([{ a: 2, b: 0, sum: 3 }])).toEqual({ x: 1.5, y: 0, error: 0 });
  expect(fitPair([{ a: 0, b: 2, sum: 3 }])).toEqual({ x: 0, y: 1.5, error: 0 });
});
