/** Binary heap for the few events that fall into the bucket being consumed, or before it. */
export class NearHeap {
  size = 0;
  private ticks = new Float64Array(64);
  private entities = new Int32Array(64);
  private codes = new Int32Array(64);

  /** The least event; of no meaning when there is none. */
  get tick(): number {
    return this.ticks[0] ?? 0;
  }

  get entity(): number {
    return this.entities[0] ?? 0;
  }

  get code(): number {
    return this.codes[0] ?? 0;
  }

  push(tick: number, entity: number, code: number): void {
    if (this.size === this.ticks.length) this.grow();
    let hole = this.size;
    this.size += 1;
    while (hole > 0) {
      const parent = (hole - 1) >>> 1;
      if (!this.isBefore(tick, entity, code, parent)) break;
      this.move(parent, hole);
      hole = parent;
    }
    this.set(hole, tick, entity, code);
  }

  /** Removes the least event. */
  pop(): void {
    const size = this.size - 1;
    this.size = size;
    const tick = this.ticks[size] ?? 0;
    const entity = this.entities[size] ?? 0;
    const code = this.codes[size] ?? 0;
    let hole = 0;
    for (;;) {
      const child = this.leastChild(hole);
      if (child >= size || this.isBefore(tick, entity, code, child)) break;
      this.move(child, hole);
      hole = child;
    }
    this.set(hole, tick, entity, code);
  }

  /** Whether an event comes before the one at `place`, by default the least. */
  isBefore(tick: number, entity: number, code: number, place = 0): boolean {
    const otherTick = this.ticks[place] ?? 0;
    if (tick !== otherTick) return tick < otherTick;
    const otherEntity = this.entities[place] ?? 0;
    if (entity !== otherEntity) return entity < otherEntity;
    return code < (this.codes[place] ?? 0);
  }

  private leastChild(parent: number): number {
    const left = 2 * parent + 1;
    const right = left + 1;
    if (right >= this.size) return left;
    const isRight = this.isBefore(
      this.ticks[right] ?? 0,
      this.entities[right] ?? 0,
      this.codes[right] ?? 0,
      left,
    );
    return isRight ? right : left;
  }

  private move(from: number, to: number): void {
    this.set(to, this.ticks[from] ?? 0, this.entities[from] ?? 0, this.codes[from] ?? 0);
  }

  private set(place: number, tick: number, entity: number, code: number): void {
    this.ticks[place] = tick;
    this.entities[place] = entity;
    this.codes[place] = code;
  }

  private grow(): void {
    const room = 2 * this.ticks.length;
    const ticks = new Float64Array(room);
    const entities = new Int32Array(room);
    const codes = new Int32Array(room);
    ticks.set(this.ticks);
    entities.set(this.entities);
    codes.set(this.codes);
    this.ticks = ticks;
    this.entities = entities;
    this.codes = codes;
  }
}
