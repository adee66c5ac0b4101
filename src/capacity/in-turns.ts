/** Both in one row, the fewer spread evenly between the more; each keeps its order. */
export function inTurns<One, Other>(some: readonly One[], others: readonly Other[]): (One | Other)[] {
  const placed = <Item>(items: readonly Item[]) =>
    items.map((item, index) => ({ item, place: (index + 0.5) / items.length }));
  return [...placed<One | Other>(some), ...placed<One | Other>(others)]
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

/** As they are in even rounds and the other way round in odd ones, so that what changes steadily meets all of them alike. */
export const thereAndBack = <Item>(items: readonly Item[], round: number): readonly Item[] =>
  round % 2 === 0 ? items : items.toReversed();
