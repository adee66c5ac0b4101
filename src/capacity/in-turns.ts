import { shuffle } from 'simple-statistics';
import { streamKey, uniform } from '../../sim/index.ts';

/** Both in one row, the fewer spread evenly between the more; each keeps its order. */
export function inTurns<One, Other>(some: readonly One[], others: readonly Other[]): (One | Other)[] {
  const placed = <Item>(items: readonly Item[]) =>
    items.map((item, index) => ({ item, place: (index + 0.5) / items.length }));
  return [...placed<One | Other>(some), ...placed<One | Other>(others)]
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

/** In an order that is drawn for each round, the same whenever it is asked for. */
export function inDrawnOrder<Item>(items: readonly Item[], round: number): Item[] {
  const key = streamKey(round, items.length);
  let draws = 0;
  return shuffle([...items], () => uniform(key, 0, draws++));
}
