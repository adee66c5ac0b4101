const infinite = Infinity;

/**
 * Binary heap for the few events that fall into the bucket being consumed. `minKey` is readable at any time, so
 * that merging with the sorted run costs one comparison.
 */
export class NearHeap {
  size = 0;
  minKey = infinite;
  private keys = new Float64Array(64);
  private codes = new Int32Array(64);

  push(key: number, code: number): void {
    if (this.size === this.keys.length) this.grow();
    const { keys, codes } = this;
    let hole = this.size;
    this.size += 1;
    while (hole > 0) {
      const parent = (hole - 1) >>> 1;
      const parentKey = keys[parent] ?? 0;
      if (parentKey < key || (parentKey === key && (codes[parent] ?? 0) <= code)) break;
      keys[hole] = parentKey;
      codes[hole] = codes[parent] ?? 0;
      hole = parent;
    }
    keys[hole] = key;
    codes[hole] = code;
    this.minKey = keys[0] ?? infinite;
  }

  /** Code of the least event, of those whose key is `minKey`. */
  minCode(): number {
    return this.codes[0] ?? 0;
  }

  /** Removes the least event and returns its code; its key was `minKey`. */
  pop(): number {
    const { keys, codes } = this;
    const taken = codes[0] ?? 0;
    const size = this.size - 1;
    this.size = size;
    const key = keys[size] ?? 0;
    const code = codes[size] ?? 0;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      let childKey = keys[child] ?? 0;
      const right = child + 1;
      if (right < size) {
        const rightKey = keys[right] ?? 0;
        if (rightKey < childKey || (rightKey === childKey && (codes[right] ?? 0) < (codes[child] ?? 0))) {
          child = right;
          childKey = rightKey;
        }
      }
      if (childKey > key || (childKey === key && (codes[child] ?? 0) >= code)) break;
      keys[hole] = childKey;
      codes[hole] = codes[child] ?? 0;
      hole = child;
    }
    keys[hole] = key;
    codes[hole] = code;
    this.minKey = size === 0 ? infinite : (keys[0] ?? infinite);
    return taken;
  }

  private grow(): void {
    const keys = new Float64Array(2 * this.keys.length);
    const codes = new Int32Array(2 * this.codes.length);
    keys.set(this.keys);
    codes.set(this.codes);
    this.keys = keys;
    this.codes = codes;
  }
}
