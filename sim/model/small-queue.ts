/**
 * The few pending events of a small part of the fleet, in the order of `EventQueue`: kept sorted, the first at the
 * end, which for a handful is cheaper than anything that scales.
 */
export class SmallQueue {
  /** The event taken last. */
  tick = 0;
  entity = 0;
  code = 0;
  private size = 0;
  private ticks = new Float64Array(16);
  private entities = new Int32Array(16);
  private codes = new Int32Array(16);

  push(tick: number, entity: number, code: number): void {
    if (this.size === this.ticks.length) this.grow();
    const { codes, entities, ticks } = this;
    let place = this.size;
    while (place > 0 && this.precedes(place - 1, tick, entity, code)) {
      ticks[place] = ticks[place - 1] ?? 0;
      entities[place] = entities[place - 1] ?? 0;
      codes[place] = codes[place - 1] ?? 0;
      place -= 1;
    }
    ticks[place] = tick;
    entities[place] = entity;
    codes[place] = code;
    this.size += 1;
  }

  /** When the next event is; `Infinity` when none is left. */
  get headTick(): number {
    return this.size === 0 ? Infinity : (this.ticks[this.size - 1] ?? 0);
  }

  /** Takes the next event into `tick`, `entity` and `code`; false when none is left. */
  next(): boolean {
    if (this.size === 0) return false;
    this.size -= 1;
    this.tick = this.ticks[this.size] ?? 0;
    this.entity = this.entities[this.size] ?? 0;
    this.code = this.codes[this.size] ?? 0;
    return true;
  }

  private precedes(place: number, tick: number, entity: number, code: number): boolean {
    const other = this.ticks[place] ?? 0;
    if (other !== tick) return other < tick;
    const owner = this.entities[place] ?? 0;
    return owner === entity ? (this.codes[place] ?? 0) < code : owner < entity;
  }

  private grow(): void {
    const { codes, entities, ticks } = this;
    this.ticks = new Float64Array(2 * ticks.length);
    this.entities = new Int32Array(2 * ticks.length);
    this.codes = new Int32Array(2 * ticks.length);
    this.ticks.set(ticks);
    this.entities.set(entities);
    this.codes.set(codes);
  }
}
