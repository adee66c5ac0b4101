const firstRoom = 1024;

/**
 * What the records of pending events say of them in one word: the entity where the code is 0, which it is for most,
 * else the complement of a slot in which both stand. Slots are reused last in, first out, so they stay in the cache.
 */
export class CodedEvents {
  private entities = new Int32Array(firstRoom);
  /** In a free slot the next free one. */
  private codes = new Int32Array(firstRoom);
  private freeSlot = -1;
  private usedSlots = 0;

  /** The word for an event. */
  name(entity: number, code: number): number {
    return code === 0 ? entity : this.nameCoded(entity, code);
  }

  entityOf(name: number): number {
    return name >= 0 ? name : (this.entities[~name] ?? 0);
  }

  codeOf(name: number): number {
    return name >= 0 ? 0 : (this.codes[~name] ?? 0);
  }

  /** Frees what a word names, which is no longer pending. */
  forget(name: number): void {
    if (name >= 0) return;
    this.codes[~name] = this.freeSlot;
    this.freeSlot = ~name;
  }

  private nameCoded(entity: number, code: number): number {
    const slot = this.freeSlot < 0 ? this.newSlot() : this.freeSlot;
    if (slot === this.freeSlot) this.freeSlot = this.codes[slot] ?? 0;
    this.entities[slot] = entity;
    this.codes[slot] = code;
    return ~slot;
  }

  private newSlot(): number {
    const slot = this.usedSlots;
    this.usedSlots += 1;
    if (slot === this.codes.length) this.grow();
    return slot;
  }

  private grow(): void {
    const { codes, entities } = this;
    const room = Math.ceil(1.5 * codes.length);
    this.entities = new Int32Array(room);
    this.codes = new Int32Array(room);
    this.entities.set(entities);
    this.codes.set(codes);
  }
}
