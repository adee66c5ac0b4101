const digitBits = 11;
const digits = 2 ** digitBits;
const keyBits = 53;
const longestBin = 48;

/** The records of one bucket, put in order of (key, code). */
export class SortedRun {
  keys = new Float64Array(1024);
  codes = new Int32Array(1024);
  count = 0;
  private otherKeys = new Float64Array(1024);
  private otherCodes = new Int32Array(1024);
  private bins = new Uint32Array(digits + 1);

  reset(capacity: number): void {
    this.count = 0;
    if (capacity <= this.keys.length) return;
    const room = 2 ** Math.ceil(Math.log2(capacity));
    this.keys = new Float64Array(room);
    this.codes = new Int32Array(room);
    this.otherKeys = new Float64Array(room);
    this.otherCodes = new Int32Array(room);
  }

  append(keys: Float64Array, codes: Int32Array, start: number, records: number): void {
    const { count } = this;
    for (let place = 0; place < records; place += 1) {
      this.keys[count + place] = keys[start + place] ?? 0;
      this.codes[count + place] = codes[start + place] ?? 0;
    }
    this.count = count + records;
  }

  /** Sorts; every key is a whole number below `limit`, a power of two. */
  sort(limit: number): void {
    const { count } = this;
    if (count < 2) return;
    if (count > 24) {
      const bins = Math.min(8192, 2 ** Math.ceil(Math.log2(count)));
      // A herd shares one instant and would make the insertion pass quadratic.
      if (this.scatterByBin(bins, bins / limit) > longestBin) this.sortByDigits(limit);
    }
    this.insertionPass();
  }

  private scatterByBin(bins: number, scale: number): number {
    if (this.bins.length <= bins) this.bins = new Uint32Array(bins + 1);
    const { bins: next, count, keys } = this;
    next.fill(0, 0, bins + 1);
    for (let place = 0; place < count; place += 1) {
      const bin = (((keys[place] ?? 0) * scale) | 0) + 1;
      next[bin] = (next[bin] ?? 0) + 1;
    }
    let longest = 0;
    for (let bin = 1; bin <= bins; bin += 1) {
      const records = next[bin] ?? 0;
      if (records > longest) longest = records;
      next[bin] = records + (next[bin - 1] ?? 0);
    }
    this.scatterLeading(scale);
    return longest;
  }

  /** Stable: moves every record to the next free place of the bin that its leading bits name. */
  private scatterLeading(scale: number): void {
    const { bins: next, count, keys, codes, otherKeys, otherCodes } = this;
    for (let place = 0; place < count; place += 1) {
      const key = keys[place] ?? 0;
      const bin = (key * scale) | 0;
      const slot = next[bin] ?? 0;
      next[bin] = slot + 1;
      otherKeys[slot] = key;
      otherCodes[slot] = codes[place] ?? 0;
    }
    this.swap();
  }

  /** The same by one digit of the key. */
  private scatterDigit(scale: number): void {
    const { bins: next, count, keys, codes, otherKeys, otherCodes } = this;
    for (let place = 0; place < count; place += 1) {
      const key = keys[place] ?? 0;
      const bin = Math.floor(key * scale) % digits;
      const slot = next[bin] ?? 0;
      next[bin] = slot + 1;
      otherKeys[slot] = key;
      otherCodes[slot] = codes[place] ?? 0;
    }
    this.swap();
  }

  private swap(): void {
    const { keys, codes } = this;
    this.keys = this.otherKeys;
    this.codes = this.otherCodes;
    this.otherKeys = keys;
    this.otherCodes = codes;
  }

  /** Least significant digit first; linear whatever the keys. */
  private sortByDigits(limit: number): void {
    for (let shift = 0; shift < keyBits && 2 ** shift < limit; shift += digitBits) {
      const scale = 2 ** -shift;
      if (this.bins.length <= digits) this.bins = new Uint32Array(digits + 1);
      const { bins: next, count, keys } = this;
      next.fill(0, 0, digits + 1);
      for (let place = 0; place < count; place += 1) {
        const digit = (Math.floor((keys[place] ?? 0) * scale) % digits) + 1;
        next[digit] = (next[digit] ?? 0) + 1;
      }
      for (let digit = 1; digit < digits; digit += 1) {
        next[digit] = (next[digit] ?? 0) + (next[digit - 1] ?? 0);
      }
      this.scatterDigit(scale);
    }
  }

  private insertionPass(): void {
    const { count, keys, codes } = this;
    for (let place = 1; place < count; place += 1) {
      const key = keys[place] ?? 0;
      const before = keys[place - 1] ?? 0;
      if (before < key) continue;
      const code = codes[place] ?? 0;
      let hole = place;
      while (hole > 0) {
        const other = keys[hole - 1] ?? 0;
        if (other < key || (other === key && (codes[hole - 1] ?? 0) <= code)) break;
        keys[hole] = other;
        codes[hole] = codes[hole - 1] ?? 0;
        hole -= 1;
      }
      keys[hole] = key;
      codes[hole] = code;
    }
  }
}
