import { exponential } from '../kernel/index.ts';
import type { ChangeProcess } from '../spec.ts';

const dayMs = 86_400_000;

/** The instants in [0, `endMs`) at which one collection changes, ascending, in ms. */
export function* instantsOf(
  process: ChangeProcess,
  endMs: number,
  key: number,
  collection: number,
): Generator<number> {
  if (process.perDay <= 0) return;
  const meanGapMs = dayMs / process.perDay;
  let atMs = 0;
  for (let index = 0; ; index += 1) {
    atMs += meanGapMs * exponential(key, collection, index);
    if (atMs >= endMs) return;
    yield atMs;
  }
}
