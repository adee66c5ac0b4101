/** A row of a linear system: a·x + b·y should be `sum`. */
export interface PairRow {
  readonly a: number;
  readonly b: number;
  readonly sum: number;
}

/** Least squares for two unknowns, of which `x` is not less than `leastX` and `y` not less than nothing; `NaN` where rows do not tell. */
export function fitPair(rows: readonly PairRow[], leastX = 0): { readonly x: number; readonly y: number } {
  const { x, y } = fitPositive(rows.map(({ a, b, sum }) => ({ a, b, sum: sum - a * leastX })));
  return { x: leastX + x, y };
}

function fitPositive(rows: readonly PairRow[]): { readonly x: number; readonly y: number } {
  const total = (of: (row: PairRow) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
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
  const error = ({ x, y }: { x: number; y: number }): number =>
    total(({ a, b, sum }) => (a * x + b * y - sum) ** 2);
  return error(onlyX) <= error(onlyY) ? onlyX : onlyY;
}
