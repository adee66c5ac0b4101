import { shuffle } from 'simple-statistics';
import { streamKey, uniform } from '../../sim/index.ts';

/** In an order that is drawn for each round, the same whenever it is asked for. */
export function inDrawnOrder<Item>(items: readonly Item[], round: number): Item[] {
  const key = streamKey(round, items.length);
  let draws = 0;
  return shuffle([...items], () => uniform(key, 0, draws++));
}
