/**
 * How many jobs wait for a worker. First come, first served, so jobs start in the order in which they came, and
 * those still waiting are the last ones. Times are ticks.
 */
export class WaitingRoom {
  private readonly startsAt: Float64Array;
  private first = 0;
  private waiting = 0;

  /** At most `places` jobs wait at once. */
  constructor(places: number) {
    this.startsAt = new Float64Array(Math.max(1, places));
  }

  /** Jobs that have not started by `tick`. Ticks do not go back. */
  count(tick: number): number {
    const { startsAt } = this;
    while (this.waiting > 0 && (startsAt[this.first] ?? 0) <= tick) {
      this.first = (this.first + 1) % startsAt.length;
      this.waiting -= 1;
    }
    return this.waiting;
  }

  /** A job came that starts at `start`. @throws RangeError when there is no place for it */
  enter(start: number): void {
    const { startsAt } = this;
    if (this.waiting === startsAt.length) throw new RangeError('the waiting room is full');
    startsAt[(this.first + this.waiting) % startsAt.length] = start;
    this.waiting += 1;
  }

  clear(): void {
    this.waiting = 0;
  }
}
