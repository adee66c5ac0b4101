/** Something with a place in time that may still change. */
export interface Due {
  /** Epoch ms. */
  dueAt: number;
}

interface Slot<T> {
  readonly at: number;
  readonly item: T;
}

/**
 * A binary heap of items by due time. Moving an item means adding it again: a slot whose time no longer equals
 * its item's is stale and skipped.
 */
export class DueQueue<T extends Due> {
  readonly #heap: Slot<T>[] = [];

  add(item: T): void {
    const heap = this.#heap;
    const slot: Slot<T> = { at: item.dueAt, item };
    let index = heap.length;
    heap.push(slot);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.at <= slot.at) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = slot;
  }

  /** When the next item is due; `Infinity` when there is none. */
  nextAt(): number {
    this.#dropStale();
    return this.#heap[0]?.at ?? Infinity;
  }

  /** Removes and returns the next item that is due at `now`. */
  take(now: number): T | undefined {
    if (this.nextAt() > now) return undefined;
    const item = this.#removeTop();
    return item;
  }

  #dropStale(): void {
    for (let top = this.#heap[0]; top !== undefined && top.at !== top.item.dueAt; top = this.#heap[0]) {
      this.#removeTop();
    }
  }

  #removeTop(): T | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || top === undefined || heap.length === 0) return top?.item;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      const smaller = right !== undefined && left !== undefined && right.at < left.at ? right : left;
      if (smaller === undefined || smaller.at >= last.at) break;
      heap[index] = smaller;
      index = smaller === left ? 2 * index + 1 : 2 * index + 2;
    }
    heap[index] = last;
    return top.item;
  }
}
