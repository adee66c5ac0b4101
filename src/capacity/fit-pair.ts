import { fitPositive } from './fit-positive.ts';

/** A row of a linear system: a·x + b·y should be `sum`. */
export interface PairRow {
  readonly a: number;
  readonly b: number;
  readonly sum: number;
  /** How far what is left of it counts; 1 by default. */
  readonly weight?: number | undefined;
}

/** Two unknowns, and the sum of the squares of what they leave of the rows. */
export interface Pair {
  readonly x: number;
  readonly y: number;
  readonly error: number;
}

/** Least squares for two unknowns, of which `x` is not less than `leastX` and `y` not less than nothing; `NaN` where rows have no numbers. */
export function fitPair(rows: readonly PairRow[], leastX = 0): Pair {
  const { values, error } = fitPositive(
    rows.map(({ a, b, sum, weight }) => ({ parts: [a, b], sum: sum - a * leastX, weight })),
    2,
  );
  const [x = NaN, y = NaN] = values;
  return { x: leastX + x, y, error };
}
