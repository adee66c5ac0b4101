/** Words of a record: offset in its bucket, name of the event. */
const recordWords = 2;
/** Buckets of the ring, a power of two. */
const buckets = 2048;
/** A chunk is a link, as long as a record, and 255 records: 2 KB, few enough to page through. */
const chunkWords = 512;
const chunkRecords = chunkWords / recordWords - 1;

/**
 * A ring of append-only buckets, each a chain of chunks cut from one array. An insert is one sequential store at a
 * tail that is in the cache; freed chunks are reused last in, first out, so memory follows the records alive and
 * new records go where the cache still is.
 *
 * A chain is known by its end, the place after its last record; 0 means that it is empty. The first word of a chunk
 * is the end of the chunk filled before it, in a free chunk the next free one.
 */
export class BucketRing {
  readonly buckets = buckets;
  /** Slot of the bucket from which `append` counts. */
  first = 0;
  /** Zero when all buckets are empty. */
  chunks = 0;
  /** First the end of the chain of every slot, then the chunks. */
  words = new Int32Array(buckets);
  private freeChunk = 0;
  private usedWords = buckets;

  /** Makes room for so many records, however they are spread: each bucket may leave its last chunk almost empty. */
  reserve(records: number): void {
    const full = Math.ceil(records / chunkRecords) + 1;
    const chunks = full + Math.min(full, buckets);
    const room = buckets + chunks * chunkWords;
    if (room <= this.words.length) return;
    const { words: before } = this;
    this.words = new Int32Array(room);
    this.words.set(before);
  }

  /** Adds a record to the bucket `ahead` of the first. */
  append(ahead: number, offset: number, name: number): void {
    const { words } = this;
    const slot = (this.first + ahead) & (buckets - 1);
    const end = words[slot] ?? 0;
    // Both an empty chain and a full chunk end on a boundary between chunks.
    if ((end & (chunkWords - 1)) === 0) {
      this.appendToNext(slot, end, offset, name);
      return;
    }
    words[slot] = end + recordWords;
    words[end] = offset;
    words[end + 1] = name;
  }

  /** End of the chain of the bucket `ahead` of the first. */
  endAt(ahead: number): number {
    return this.words[(this.first + ahead) & (buckets - 1)] ?? 0;
  }

  /** Empties a bucket and hands over its chain, whose chunks the caller frees. */
  detach(ahead: number): number {
    const end = this.endAt(ahead);
    this.words[(this.first + ahead) & (buckets - 1)] = 0;
    return end;
  }

  /** Place of the first record of the chunk that ends at `end`. */
  startOf(end: number): number {
    return ((end - 1) & -chunkWords) + recordWords;
  }

  /** End of the chunk before the one that ends at `end`. */
  before(end: number): number {
    return this.words[(end - 1) & -chunkWords] ?? 0;
  }

  /** Frees the chunk that ends at `end`; returns the end of the one before it. */
  free(end: number): number {
    const chunk = (end - 1) & -chunkWords;
    const before = this.words[chunk] ?? 0;
    this.words[chunk] = this.freeChunk;
    this.freeChunk = chunk;
    this.chunks -= 1;
    return before;
  }

  /** Words of records in the buckets from the one `ahead` of the first on. */
  wordsFrom(ahead: number): number {
    let words = 0;
    for (let bucket = ahead; bucket < buckets; bucket += 1) words += this.wordsOf(this.endAt(bucket));
    return words;
  }

  /** Words of records in a chain. */
  wordsOf(chain: number): number {
    let words = 0;
    for (let end = chain; end !== 0; end = this.before(end)) words += end - this.startOf(end);
    return words;
  }

  /** Adds a record in a chunk that follows the one ending at `end`. */
  private appendToNext(slot: number, end: number, offset: number, name: number): void {
    const chunk = this.freeChunk === 0 ? this.newChunk() : this.freeChunk;
    const { words } = this;
    if (chunk === this.freeChunk) this.freeChunk = words[chunk] ?? 0;
    this.chunks += 1;
    words[chunk] = end;
    words[chunk + recordWords] = offset;
    words[chunk + recordWords + 1] = name;
    words[slot] = chunk + 2 * recordWords;
  }

  private newChunk(): number {
    const chunk = this.usedWords;
    if (chunk === this.words.length) this.reserve((1.5 * chunk * chunkRecords) / chunkWords + buckets);
    this.usedWords = chunk + chunkWords;
    return chunk;
  }
}
