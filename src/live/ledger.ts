import {
  Histogram,
  importances,
  type ChangeSchedule,
  type FleetLayout,
  type Importance,
  type LedgerTotals,
} from '../../sim/index.ts';
import type { CountedTime } from './counted-time.ts';

/** One object's versions, in the order in which the server took them. */
interface ObjectHistory {
  readonly changes: number[];
  /** By device, how many of them it knows. */
  readonly known: Map<number, number>;
}

/**
 * Who learned of which change when. A change counts as committed when the server's answer reaches its writer: the
 * earliest that a client can know, and at most one answer's travel later than the truth. A device has seen a change
 * when it holds the version that it wrote or a newer one.
 */
export class LiveLedger {
  readonly #layout: FleetLayout;
  readonly #schedule: ChangeSchedule;
  readonly #counted: CountedTime;
  readonly #histories = new Map<string, ObjectHistory>();
  readonly #rank: Int32Array;
  readonly #committedAt: Float64Array;
  /** Devices that held a version before its writer had the answer. */
  readonly #early = new Map<number, Map<number, number>>();
  readonly #staleness = importances.map(() => new Histogram());
  /** By device and collection: changes unseen, and since when there are any. */
  readonly #unseen = new Map<number, { count: number; sinceMs: number }>();
  #changes = 0;
  #expected = 0;
  #seen = 0;
  #seenLate = 0;
  #staleMs = 0;

  constructor(layout: FleetLayout, schedule: ChangeSchedule, counted: CountedTime) {
    this.#layout = layout;
    this.#schedule = schedule;
    this.#counted = counted;
    this.#rank = new Int32Array(schedule.count).fill(-1);
    this.#committedAt = new Float64Array(schedule.count).fill(NaN);
  }

  /** The server took a change. */
  committed(change: number, atMs: number): void {
    const { collection, writer, object } = this.#rowOf(change);
    const history = this.#historyOf(collection, object);
    this.#rank[change] = history.changes.length;
    this.#committedAt[change] = atMs;
    history.changes.push(change);
    const counted = this.#counted.includes(atMs);
    if (counted) this.#changes += 1;
    for (const device of subscribersOf(this.#layout, collection)) {
      if (device === writer) continue;
      if (counted) this.#expected += 1;
      const unseen = this.#unseenOf(device, collection);
      if (unseen.count === 0) unseen.sinceMs = atMs;
      unseen.count += 1;
    }
    const early = this.#early.get(change);
    this.#early.delete(change);
    if (early !== undefined) for (const [device, heldAt] of early) this.seen(device, change, heldAt);
  }

  /** A device holds, since `atMs`, the version that `change` wrote. Gives how many changes of others it learned. */
  seen(device: number, change: number, atMs: number): number {
    const rank = this.#rank[change] ?? -1;
    if (rank < 0) {
      const early = this.#early.get(change) ?? new Map<number, number>();
      this.#early.set(change, early.set(device, early.get(device) ?? atMs));
      return 0;
    }
    const { collection, object } = this.#rowOf(change);
    const history = this.#historyOf(collection, object);
    const known = history.known.get(device) ?? 0;
    if (rank < known) return 0;
    history.known.set(device, rank + 1);
    let learned = 0;
    for (const version of history.changes.slice(known, rank + 1)) {
      if (this.#schedule.writer[version] === device) continue;
      this.#learn(version, atMs);
      learned += 1;
    }
    this.#freshen(device, collection, learned, atMs);
    return learned;
  }

  /** Whether every committed change has reached every device that must learn of it. */
  get complete(): boolean {
    for (const { count } of this.#unseen.values()) if (count > 0) return false;
    return true;
  }

  totals(): LedgerTotals {
    const { changes, expected, seen, seenLate } = {
      changes: this.#changes,
      expected: this.#expected,
      seen: this.#seen,
      seenLate: this.#seenLate,
    };
    return { changes, expected, seen, seenLate, lost: expected - seen };
  }

  staleness(): Record<Importance, ReturnType<Histogram['toData']>> {
    const of = (name: Importance) => (this.#staleness[importances.indexOf(name)] ?? new Histogram()).toData();
    return { high: of('high'), normal: of('normal'), low: of('low') };
  }

  /** Share of the counted time of all (device, collection) in which the device held the latest state. */
  freshShare(): number {
    const { layout, endMs } = { layout: this.#layout, endMs: this.#counted.toMs };
    let pairs = 0;
    for (let device = 0; device < layout.devices; device += 1) pairs += collectionsOf(layout, device).length;
    let staleMs = this.#staleMs;
    for (const { count, sinceMs } of this.#unseen.values()) {
      if (count > 0) staleMs += this.#counted.part(sinceMs, endMs);
    }
    const total = pairs * (endMs - this.#counted.fromMs);
    return total === 0 ? 1 : 1 - staleMs / total;
  }

  #learn(change: number, atMs: number): void {
    const committedAt = this.#committedAt[change] ?? NaN;
    if (!this.#counted.includes(committedAt)) return;
    this.#seen += 1;
    if (atMs >= this.#counted.toMs) this.#seenLate += 1;
    this.#staleness[this.#schedule.importance[change] ?? 0]?.add(Math.max(0, atMs - committedAt));
  }

  #freshen(device: number, collection: number, learned: number, atMs: number): void {
    if (learned === 0) return;
    const unseen = this.#unseenOf(device, collection);
    unseen.count -= learned;
    if (unseen.count === 0) this.#staleMs += this.#counted.part(unseen.sinceMs, atMs);
  }

  #unseenOf(device: number, collection: number): { count: number; sinceMs: number } {
    const key = device * this.#layout.collections + collection;
    const found = this.#unseen.get(key);
    if (found !== undefined) return found;
    const made = { count: 0, sinceMs: 0 };
    this.#unseen.set(key, made);
    return made;
  }

  #rowOf(change: number) {
    const { collection, writer, object } = this.#schedule;
    return {
      collection: collection[change] ?? 0,
      writer: writer[change] ?? -1,
      object: object[change] ?? 0,
    };
  }

  #historyOf(collection: number, object: number): ObjectHistory {
    const key = `${collection}/${object}`;
    const found = this.#histories.get(key);
    if (found !== undefined) return found;
    const made = { changes: [], known: new Map<number, number>() };
    this.#histories.set(key, made);
    return made;
  }
}

/** The devices that show a collection. */
export function* subscribersOf(layout: FleetLayout, collection: number): Generator<number> {
  const end = layout.firstMember[collection + 1] ?? 0;
  for (let entry = layout.firstMember[collection] ?? 0; entry < end; entry += 1) {
    const user = layout.memberList[entry] ?? 0;
    const endDevice = layout.firstDevice[user + 1] ?? 0;
    for (let device = layout.firstDevice[user] ?? 0; device < endDevice; device += 1) yield device;
  }
}

/** The collections that a device shows, in the order in which it asks for them. */
export function collectionsOf(layout: FleetLayout, device: number): Int32Array {
  const user = layout.userOfDevice[device] ?? 0;
  return layout.collectionList.subarray(
    layout.firstCollection[user] ?? 0,
    layout.firstCollection[user + 1] ?? 0,
  );
}
