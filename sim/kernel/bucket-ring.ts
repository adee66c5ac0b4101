import type { SortedRun } from './sorted-run.ts';

/** Records of one chunk; fewer make recycled chunks scatter and cost a page walk each, more waste memory per bucket. */
const chunkRecords = 256;
const none = -1;

/**
 * A ring of append-only buckets, each a chain of chunks cut from one pair of columns. An insert is one sequential
 * store at a tail that is in the cache; freed chunks are reused, so memory follows the records alive.
 */
export class BucketRing {
  readonly size: number;
  private readonly head: Int32Array;
  private readonly tail: Int32Array;
  private readonly counts: Int32Array;
  private keys: Float64Array;
  private codes: Int32Array;
  private nextChunk: Int32Array;
  private freeChunk = none;
  private usedChunks = 0;

  /** `size` is a power of two; room for `expected` records is taken at once. */
  constructor(size: number, expected: number) {
    this.size = size;
    this.head = new Int32Array(size).fill(none);
    this.tail = new Int32Array(size).fill(none);
    this.counts = new Int32Array(size);
    const chunks = Math.ceil(expected / chunkRecords) + 64;
    this.keys = new Float64Array(chunks * chunkRecords);
    this.codes = new Int32Array(chunks * chunkRecords);
    this.nextChunk = new Int32Array(chunks);
  }

  countAt(slot: number): number {
    return this.counts[slot] ?? 0;
  }

  append(slot: number, key: number, code: number): void {
    const count = this.counts[slot] ?? 0;
    const place = count & (chunkRecords - 1);
    const chunk = place === 0 ? this.addChunk(slot) : (this.tail[slot] ?? 0);
    const record = chunk * chunkRecords + place;
    this.keys[record] = key;
    this.codes[record] = code;
    this.counts[slot] = count + 1;
  }

  /** Moves the records of a bucket to a run, in the order they came, and empties the bucket. */
  drain(slot: number, run: SortedRun): void {
    let left = this.counts[slot] ?? 0;
    run.reset(left);
    let chunk = this.head[slot] ?? none;
    while (chunk !== none) {
      const start = chunk * chunkRecords;
      const records = Math.min(left, chunkRecords);
      run.append(this.keys, this.codes, start, records);
      left -= records;
      const next = left > 0 ? (this.nextChunk[chunk] ?? none) : none;
      this.nextChunk[chunk] = this.freeChunk;
      this.freeChunk = chunk;
      chunk = next;
    }
    this.head[slot] = none;
    this.counts[slot] = 0;
  }

  private addChunk(slot: number): number {
    const chunk = this.takeChunk();
    if ((this.head[slot] ?? none) === none) this.head[slot] = chunk;
    else this.nextChunk[this.tail[slot] ?? 0] = chunk;
    this.tail[slot] = chunk;
    return chunk;
  }

  private takeChunk(): number {
    const chunk = this.freeChunk;
    if (chunk !== none) {
      this.freeChunk = this.nextChunk[chunk] ?? none;
      return chunk;
    }
    if (this.usedChunks === this.nextChunk.length) this.grow();
    this.usedChunks += 1;
    return this.usedChunks - 1;
  }

  private grow(): void {
    const chunks = Math.ceil(this.nextChunk.length * 1.5);
    const keys = new Float64Array(chunks * chunkRecords);
    const codes = new Int32Array(chunks * chunkRecords);
    const nextChunk = new Int32Array(chunks);
    keys.set(this.keys);
    codes.set(this.codes);
    nextChunk.set(this.nextChunk);
    this.keys = keys;
    this.codes = codes;
    this.nextChunk = nextChunk;
  }
}
