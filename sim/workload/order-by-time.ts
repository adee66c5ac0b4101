import { release } from './release.ts';

/**
 * The order that sorts `times` (all in [0, `end`]), equal ones by place. A counting sort on time and an insertion
 * pass: times of a workload are spread widely enough that this is linear.
 */
export function orderByTime(times: ArrayLike<number>, end: number): Uint32Array<ArrayBuffer> {
  const count = times.length;
  const bins = Math.max(1, count >>> 1);
  const scale = end > 0 ? bins / end : 0;
  const binOf = (place: number) => Math.min(bins - 1, Math.floor((times[place] ?? 0) * scale));
  const next = new Uint32Array(bins + 1);
  for (let place = 0; place < count; place += 1) {
    const bin = binOf(place) + 1;
    next[bin] = (next[bin] ?? 0) + 1;
  }
  for (let bin = 1; bin <= bins; bin += 1) next[bin] = (next[bin] ?? 0) + (next[bin - 1] ?? 0);
  const order = new Uint32Array(count);
  for (let place = 0; place < count; place += 1) {
    const bin = binOf(place);
    const slot = next[bin] ?? 0;
    order[slot] = place;
    next[bin] = slot + 1;
  }
  release(next);
  for (let slot = 1; slot < count; slot += 1) {
    const place = order[slot] ?? 0;
    const time = times[place] ?? 0;
    let hole = slot;
    while (hole > 0 && (times[order[hole - 1] ?? 0] ?? 0) > time) {
      order[hole] = order[hole - 1] ?? 0;
      hole -= 1;
    }
    order[hole] = place;
  }
  return order;
}
