interface Entry {
  readonly atMs: number;
  readonly action: () => void;
}

/** What is to happen when, on a wall clock: a heap behind one timer, however many entries there are. */
export class Agenda {
  readonly #now: () => number;
  readonly #heap: Entry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Infinity;

  /** `now` is the clock that instants are on, ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Runs `action` at `atMs`, or as soon after as the event loop allows. */
  at(atMs: number, action: () => void): void {
    const heap = this.#heap;
    let place = heap.length;
    const entry = { atMs, action };
    heap.push(entry);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.atMs <= atMs) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = entry;
    this.#arm();
  }

  /** Forgets everything that has not happened. */
  clear(): void {
    this.#heap.length = 0;
    clearTimeout(this.#timer);
    this.#timerAtMs = Infinity;
  }

  #arm(): void {
    const next = this.#heap[0];
    if (next === undefined || next.atMs >= this.#timerAtMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = next.atMs;
    // Timers are whole milliseconds and longest 2^31 - 1; one that fires early arms itself again.
    const delayMs = Math.min(Math.max(0, Math.ceil(next.atMs - this.#now())), 2 ** 31 - 1);
    this.#timer = setTimeout(() => this.#fire(), delayMs);
  }

  #fire(): void {
    this.#timerAtMs = Infinity;
    const now = this.#now();
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= now; next = this.#heap[0]) {
      this.#removeFirst();
      next.action();
    }
    this.#arm();
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      const leftAt = heap[left]?.atMs ?? Infinity;
      const rightAt = heap[right]?.atMs ?? Infinity;
      const smaller = rightAt < leftAt ? right : left;
      const below = heap[smaller];
      if (below === undefined || below.atMs >= last.atMs) break;
      heap[place] = below;
      place = smaller;
    }
    heap[place] = last;
  }
}
