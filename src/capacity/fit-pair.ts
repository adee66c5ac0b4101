import { sumOf } from './sum-of.ts';

/** A row of a linear system: a·x + b·y should be `sum`. */
export interface PairRow {
  readonly a: number;
  readonly b: number;
  readonly sum: number;
  /** How far what is left of it counts; 1 by default. */
  readonly weight?: number | undefined;
}

export interface Pair {
  readonly x: number;
  readonly y: number;
}

/** Least squares for two unknowns, of which `x` is not less than `leastX` and `y` not less than nothing; `NaN` where rows do not tell. */
export function fitPair(rows: readonly PairRow[], leastX = 0): Pair {
  const { x, y } = fitPositive(
    rows.map(({ a, b, sum, weight = 1 }) => ({
      a: weight * a,
      b: weight * b,
      sum: weight * (sum - a * leastX),
    })),
  );
  return { x: leastX + x, y };
}

/** The sum of the squares of what a pair leaves of the rows. */
export const errorOf = (rows: readonly PairRow[], { x, y }: Pair): number =>
  sumOf(rows, ({ a, b, sum, weight = 1 }) => (weight * (a * x + b * y - sum)) ** 2);

function fitPositive(rows: readonly PairRow[]): Pair {
  const total = (of: (row: PairRow) => number): number => sumOf(rows, of);
  const [aa, ab, bb] = [total(({ a }) => a * a), total(({ a, b }) => a * b), total(({ b }) => b * b)];
  const [as, bs] = [total(({ a, sum }) => a * sum), total(({ b, sum }) => b * sum)];
  const determinant = aa * bb - ab * ab;
  const both = { x: (as * bb - bs * ab) / determinant, y: (bs * aa - as * ab) / determinant };
  if (both.x >= 0 && both.y >= 0) return both;
  const [onlyX, onlyY] = [
    { x: Math.max(0, as / aa), y: 0 },
    { x: 0, y: Math.max(0, bs / bb) },
  ];
  if (!(aa > 0)) return onlyY;
  if (!(bb > 0)) return onlyX;
  return errorOf(rows, onlyX) <= errorOf(rows, onlyY) ? onlyX : onlyY;
}
