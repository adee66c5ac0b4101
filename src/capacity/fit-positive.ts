import { sumOf } from './sum-of.ts';

/** A row of a linear system: its parts, each times the unknown of the same place, should come to `sum`. */
export interface Row {
  readonly parts: readonly number[];
  readonly sum: number;
  /** How far what is left of it counts; 1 by default. */
  readonly weight?: number | undefined;
}

export interface PositiveFit {
  readonly values: readonly number[];
  /** The sum of the squares of what they leave of the rows. */
  readonly error: number;
}

/**
 * Least squares for a few unknowns of which none is less than nothing: the best of all in which some are nothing, so
 * that twice as many are tried for each unknown. `NaN` where rows have no numbers.
 */
export function fitPositive(rows: readonly Row[], unknowns: number): PositiveFit {
  let best: PositiveFit = { values: Array.from({ length: unknowns }, () => NaN), error: Infinity };
  for (let chosen = 0; chosen < 1 << unknowns; chosen += 1) {
    const places = best.values.map((_, place) => place).filter((place) => (chosen >> place) & 1);
    const found = solve(rows, places);
    if (!found.every((value) => value >= 0 && value < Infinity)) continue;
    const values = best.values.map((_, place) => found[places.indexOf(place)] ?? 0);
    const error = errorOf(rows, values);
    if (error < best.error) best = { values, error };
  }
  return best;
}

function errorOf(rows: readonly Row[], values: readonly number[]): number {
  return sumOf(rows, ({ parts, sum, weight = 1 }) => {
    const left = values.reduce((rest, value, place) => rest - value * (parts[place] ?? 0), sum);
    return (weight * left) ** 2;
  });
}

/** The unknowns at these places by the normal equations, those at others being nothing; not finite where rows do not tell them apart. */
function solve(rows: readonly Row[], places: readonly number[]): number[] {
  const product = (one: (row: Row) => number, other: (row: Row) => number): number =>
    sumOf(rows, (row) => (row.weight ?? 1) ** 2 * one(row) * other(row));
  const part = (place: number) => (row: Row) => row.parts[place] ?? 0;
  const system = places.map((place) => [
    ...places.map((other) => product(part(place), part(other))),
    product(part(place), ({ sum }) => sum),
  ]);
  // Gauss and Jordan.
  for (const [at, pivot] of system.entries()) {
    for (const [other, equation] of system.entries()) {
      if (other === at) continue;
      const times = (equation[at] ?? 0) / (pivot[at] ?? 0);
      system[other] = equation.map((value, column) => value - times * (pivot[column] ?? 0));
    }
  }
  return system.map((equation, at) => (equation[places.length] ?? 0) / (equation[at] ?? 0));
}
