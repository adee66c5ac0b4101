import type { BucketRing } from './bucket-ring.ts';
import type { CodedEvents } from './coded-events.ts';

/** Words of a record: offset in its bucket, name of the event. */
const recordWords = 2;
/** Records that the insertion pass sorts as they came. */
const fewRecords = 8;
const mostBinBits = 14;
/** Words moved for each of the run beyond which the insertion pass, quadratic in the longest bin, is left for digits. */
const mostMoves = 8;
const digitBits = 11;
const wordBits = 31;
/** What records are sorted by, the least significant first. */
const keys = ['code', 'entity', 'offset'] as const;
type Key = (typeof keys)[number];

/**
 * The records of one bucket, put in order of offset, entity and code. Where a place ends in `| 0`, it could be too
 * large for an integer as far as the compiler sees, which would compute it in floating point.
 */
export class SortedRun {
  words = new Int32Array(0);
  /** The place after the last record. */
  end = 0;
  private readonly bins = new Int32Array(2 ** mostBinBits);
  private otherWords = new Int32Array(0);
  private readonly coded: CodedEvents;

  constructor(coded: CodedEvents) {
    this.coded = coded;
  }

  /** Takes the records of the first bucket, `2^widthBits` ticks wide, and sorts them. */
  take(ring: BucketRing, widthBits: number): void {
    const chain = ring.detach(0);
    this.end = ring.wordsOf(chain);
    if (chain === 0) return;
    if (this.end > this.words.length) this.words = new Int32Array(roomFor(this.end));
    const records = this.end / recordWords;
    // As many bins as records or up to twice as many: most records then need no move in the insertion pass.
    const wanted = records > fewRecords ? 32 - Math.clz32(records - 1) : 0;
    const binBits = Math.min(wanted, mostBinBits, widthBits);
    const shift = widthBits - binBits;
    const binCount = 1 << binBits;
    this.bins.fill(0, 0, binCount);
    for (let end = chain; end !== 0; end = ring.before(end)) {
      this.count(ring.words, ring.startOf(end), end, shift);
    }
    this.placeBins(binCount);
    for (let end = chain; end !== 0; end = ring.free(end)) {
      this.scatter(ring.words, ring.startOf(end), end, shift);
    }
    this.insertionPass();
  }

  /** Whether a record comes before the one at `place`. */
  isBefore(offset: number, entity: number, code: number, place: number): boolean {
    const otherOffset = this.words[place] ?? 0;
    if (offset !== otherOffset) return offset < otherOffset;
    const other = this.words[place + 1] ?? 0;
    const otherEntity = this.coded.entityOf(other);
    if (entity !== otherEntity) return entity < otherEntity;
    return code < this.coded.codeOf(other);
  }

  private count(from: Int32Array, start: number, end: number, shift: number): void {
    const { bins } = this;
    for (let at = start; at < end; at += recordWords) {
      const bin = (from[at] ?? 0) >> shift;
      bins[bin] = (bins[bin] ?? 0) + recordWords;
    }
  }

  /** Turns the length of each bin into the place where it starts. */
  private placeBins(count: number): void {
    const { bins } = this;
    let place = 0;
    for (let bin = 0; bin < count; bin += 1) {
      const length = bins[bin] ?? 0;
      bins[bin] = place;
      place = (place + length) | 0;
    }
  }

  /** Moves every record to the next free place of its bin. */
  private scatter(from: Int32Array, start: number, end: number, shift: number): void {
    const { bins, words } = this;
    for (let at = start; at < end; at += recordWords) {
      const offset = from[at] ?? 0;
      const bin = offset >> shift;
      const place = bins[bin] ?? 0;
      bins[bin] = place + recordWords;
      words[place] = offset;
      words[place + 1] = from[at + 1] ?? 0;
    }
  }

  private insertionPass(): void {
    const { end, words } = this;
    const most = mostMoves * end;
    let moved = 0;
    let greatest = -1;
    for (let at = 0; at < end; at += recordWords) {
      const offset = words[at] ?? 0;
      if (offset > greatest) {
        greatest = offset;
        continue;
      }
      moved = (moved + this.insert(at, offset)) | 0;
      // A herd shares one instant.
      if (moved > most) {
        this.sortByDigits();
        return;
      }
    }
  }

  /** Moves the record at `at` to its place among those before it; returns over how many words. */
  private insert(at: number, offset: number): number {
    const { words } = this;
    const name = words[at + 1] ?? 0;
    let hole = at | 0;
    while (hole !== 0) {
      const before = (hole - recordWords) | 0;
      const other = words[before] ?? 0;
      const otherName = words[before + 1] ?? 0;
      if (other < offset || (other === offset && !this.isNameBefore(name, otherName))) break;
      words[hole] = other;
      words[hole + 1] = otherName;
      hole = before;
    }
    words[hole] = offset;
    words[hole + 1] = name;
    return (at - hole) | 0;
  }

  private isNameBefore(name: number, other: number): boolean {
    const { coded } = this;
    const entity = coded.entityOf(name);
    const otherEntity = coded.entityOf(other);
    return entity === otherEntity ? coded.codeOf(name) < coded.codeOf(other) : entity < otherEntity;
  }

  /** Least significant digit first; linear whatever the records. */
  private sortByDigits(): void {
    if (this.otherWords.length < this.words.length) this.otherWords = new Int32Array(this.words.length);
    for (const key of keys) {
      for (let shift = 0; shift < wordBits; shift += digitBits) this.sortByDigit(key, shift);
    }
  }

  private keyOf(at: number, key: Key): number {
    const { coded, words } = this;
    if (key === 'offset') return words[at] ?? 0;
    const name = words[at + 1] ?? 0;
    return key === 'entity' ? coded.entityOf(name) : coded.codeOf(name);
  }

  private sortByDigit(key: Key, shift: number): void {
    const { bins, end, words, otherWords } = this;
    const lowest = 2 ** digitBits - 1;
    bins.fill(0, 0, lowest + 1);
    for (let at = 0; at < end; at += recordWords) {
      const digit = (this.keyOf(at, key) >> shift) & lowest;
      bins[digit] = (bins[digit] ?? 0) + recordWords;
    }
    // All records have the same digit.
    if (bins[(this.keyOf(0, key) >> shift) & lowest] === end) return;
    this.placeBins(lowest + 1);
    for (let at = 0; at < end; at += recordWords) {
      const digit = (this.keyOf(at, key) >> shift) & lowest;
      const place = bins[digit] ?? 0;
      bins[digit] = place + recordWords;
      otherWords[place] = words[at] ?? 0;
      otherWords[place + 1] = words[at + 1] ?? 0;
    }
    this.words = otherWords;
    this.otherWords = words;
  }
}

const roomFor = (words: number): number => 2 ** Math.ceil(Math.log2(words + 1024));
