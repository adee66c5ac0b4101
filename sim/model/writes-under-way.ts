/** A key that no change has. */
const none = -1;
const leastRoom = 64;

/**
 * What is known of each write under way, by the number of its change: a hash table with linear probing.
 *
 * A `Map` from which as much is taken as is put in makes a new table every few writes, to which the one before points.
 * Once the garbage collector has such a table among what is old, it keeps all that follow, tens of megabytes of them.
 */
export class WritesUnderWay<Write> {
  private keys = new Int32Array(leastRoom).fill(none);
  private values: (Write | undefined)[] = [];
  private size = 0;

  get(change: number): Write | undefined {
    return this.values[this.placeOf(change)];
  }

  set(change: number, write: Write): void {
    if (2 * this.size >= this.keys.length) this.grow();
    const place = this.placeOf(change);
    if (this.keys[place] === none) this.size += 1;
    this.keys[place] = change;
    this.values[place] = write;
  }

  delete(change: number): void {
    const { keys, values } = this;
    const last = keys.length - 1;
    let hole = this.placeOf(change);
    if (keys[hole] === none) return;
    this.size -= 1;
    // What follows without a gap moves up where the hole would hide it.
    for (let place = (hole + 1) & last; (keys[place] ?? none) !== none; place = (place + 1) & last) {
      const key = keys[place] ?? none;
      if (((place - this.home(key)) & last) < ((place - hole) & last)) continue;
      keys[hole] = key;
      values[hole] = values[place];
      hole = place;
    }
    keys[hole] = none;
    values[hole] = undefined;
  }

  private home(change: number): number {
    return (Math.imul(change, 0x9e3779b1) >>> 8) & (this.keys.length - 1);
  }

  /** Where a change stands, or would. */
  private placeOf(change: number): number {
    const { keys } = this;
    let place = this.home(change);
    while (keys[place] !== change && keys[place] !== none) place = (place + 1) & (keys.length - 1);
    return place;
  }

  private grow(): void {
    const { keys, values } = this;
    this.keys = new Int32Array(2 * keys.length).fill(none);
    this.values = [];
    for (const [place, change] of keys.entries()) {
      const write = values[place];
      if (change === none || write === undefined) continue;
      const moved = this.placeOf(change);
      this.keys[moved] = change;
      this.values[moved] = write;
    }
  }
}
