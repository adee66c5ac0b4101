/** Events too far ahead for the ring, in no order. */
export class FarList {
  size = 0;
  private ticks = new Float64Array(1024);
  private entities = new Uint32Array(1024);
  private codes = new Int32Array(1024);

  push(tick: number, entity: number, code: number): void {
    if (this.size === this.ticks.length) this.grow();
    this.ticks[this.size] = tick;
    this.entities[this.size] = entity;
    this.codes[this.size] = code;
    this.size += 1;
  }

  /** Tick of the first event; `Infinity` when there is none. */
  least(): number {
    let least = Infinity;
    for (let place = 0; place < this.size; place += 1) least = Math.min(least, this.ticks[place] ?? least);
    return least;
  }

  /** Hands over and forgets every event before `reach`. */
  release(reach: number, take: (tick: number, entity: number, code: number) => void): void {
    const { ticks, entities, codes, size } = this;
    let kept = 0;
    for (let place = 0; place < size; place += 1) {
      const tick = ticks[place] ?? 0;
      const entity = entities[place] ?? 0;
      const code = codes[place] ?? 0;
      if (tick < reach) {
        take(tick, entity, code);
      } else {
        ticks[kept] = tick;
        entities[kept] = entity;
        codes[kept] = code;
        kept += 1;
      }
    }
    this.size = kept;
  }

  private grow(): void {
    const room = 2 * this.ticks.length;
    const ticks = new Float64Array(room);
    const entities = new Uint32Array(room);
    const codes = new Int32Array(room);
    ticks.set(this.ticks);
    entities.set(this.entities);
    codes.set(this.codes);
    this.ticks = ticks;
    this.entities = entities;
    this.codes = codes;
  }
}
