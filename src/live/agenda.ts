interface Entry {
  readonly atMs: number;
  readonly action: () => void;
}

// A timer that is cut short by this arms itself again.
const longestTimerMs = 2 ** 31 - 1;

/** What is to happen when, on a wall clock: a heap behind one timer, however many entries there are. */
export class Agenda {
  readonly #now: () => number;
  readonly #heap: Entry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #armedForMs = Infinity;
  #hasEnded = false;

  /** `now` is the clock that instants are on, ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Runs `action` at `atMs`, or as soon after as the event loop allows. @throws RangeError for `NaN`, which would keep everything from happening */
  at(atMs: number, action: () => void): void {
    if (this.#hasEnded) return;
    if (Number.isNaN(atMs)) throw new RangeError('nothing can be due at no time');
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

  /** Forgets everything that has not happened, and whatever is asked for from now on, as by a contact that breaks off. */
  end(): void {
    this.#hasEnded = true;
    this.#heap.length = 0;
    this.#disarm();
  }

  #arm(): void {
    const next = this.#heap[0];
    if (next === undefined || this.#immediate !== undefined) return;
    const delayMs = next.atMs - this.#now();
    if (delayMs > 0 && next.atMs >= this.#armedForMs) return;
    this.#disarm();
    this.#armedForMs = next.atMs;
    // A timer takes a millisecond at least; what is due already goes with the next turn of the event loop.
    if (delayMs <= 0) this.#immediate = setImmediate(this.#fire);
    else this.#timer = setTimeout(this.#fire, Math.min(Math.ceil(delayMs), longestTimerMs));
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#immediate = undefined;
    this.#armedForMs = Infinity;
  }

  readonly #fire = (): void => {
    const now = this.#now();
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= now; next = this.#heap[0]) {
      this.#removeFirst();
      next.action();
    }
    this.#disarm();
    this.#arm();
  };

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
