/**
 * p-values adjusted for that many comparisons, in the order given, so that the chance of even one false alarm
 * stays below the level (Holm, Scandinavian Journal of Statistics 6, 1979).
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  const adjusted = Array.from(pValues, () => 1);
  let largest = 0;
  for (const [place, { p, index }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (order.length - place) * p));
    adjusted[index] = largest;
  }
  return adjusted;
}
