import { deeds, type ChangeSchedule } from '../../sim/index.ts';

/** Which changes removed objects. A removal leaves no body that could tell what it was, only a path that is gone. */
export class Removals {
  readonly #schedule: ChangeSchedule;
  readonly #byObject = new Map<string, number>();
  /** By collection, those that the server took, with the instant of its answer. */
  readonly #taken = new Map<number, { readonly change: number; readonly atMs: number }[]>();
  /** By device and collection, how many of these it has seen. */
  readonly #seen = new Map<string, number>();

  constructor(schedule: ChangeSchedule) {
    this.#schedule = schedule;
    for (let change = 0; change < schedule.count; change += 1) {
      if (schedule.deed[change] === deeds.remove) this.#byObject.set(this.#keyOf(change), change);
    }
  }

  /** The change that removed an object; there is one at most, since removed objects do not come back. */
  of(collection: number, object: number): number | undefined {
    return this.#byObject.get(`${collection}/${object}`);
  }

  taken(change: number, atMs: number): void {
    if (this.#schedule.deed[change] !== deeds.remove) return;
    const collection = this.#schedule.collection[change] ?? 0;
    const list = this.#taken.get(collection) ?? [];
    list.push({ change, atMs });
    this.#taken.set(collection, list);
  }

  /** The removals that a device sees for the first time when it asks about a collection at `atMs`. */
  news(device: number, collection: number, atMs: number): number[] {
    const list = this.#taken.get(collection);
    if (list === undefined) return [];
    const key = `${device}/${collection}`;
    const from = this.#seen.get(key) ?? 0;
    const end = list.findIndex((each, place) => place >= from && each.atMs >= atMs);
    const to = end < 0 ? list.length : end;
    this.#seen.set(key, to);
    return list.slice(from, to).map(({ change }) => change);
  }

  #keyOf(change: number): string {
    return `${this.#schedule.collection[change] ?? 0}/${this.#schedule.object[change] ?? 0}`;
  }
}
