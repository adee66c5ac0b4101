import { BucketRing } from './bucket-ring.ts';
import { CodedEvents } from './coded-events.ts';
import { FarList } from './far-list.ts';
import { NearHeap } from './near-heap.ts';
import { SortedRun } from './sorted-run.ts';

// The constants stand in the module that uses them: an imported one is loaded and checked again for every event.

/** Words of a record: offset in its bucket, name of the event. */
const recordWords = 2;
const touchEvents = 32;
const firstWidthBits = 19;
const narrowestBits = 10;
/** Offsets in a bucket are positive 32-bit integers. */
const widestBits = 31;
/** Records of a bucket beyond which sorting one leaves the second-level cache. */
const longRun = 32_768;
/** Records of a bucket below which moving on to it costs more than they do. */
const shortRun = 16;
/** Buckets after which it is known how long runs are. */
const fewBuckets = 16;

/**
 * Pending events in the total order (tick, entity, code), ticks being whole microseconds.
 *
 * A ladder of two rungs: events are appended to the bucket of their time and sorted when it becomes current, so
 * that each moves a few times through memory in sequence where a heap would chase twenty levels at random.
 * Events inside the current bucket go to a small heap, those beyond the ring to a list.
 */
export class EventQueue {
  /** The event taken last. */
  tick = 0;
  entity = 0;
  code = 0;
  /** The event that `peek` found. */
  headTick = 0;
  headEntity = 0;
  /** Result of the last touch pass, of no meaning; public so that the reads are not optimised away. */
  touched = 0;
  private readonly near = new NearHeap();
  private readonly far = new FarList();
  private readonly ring = new BucketRing();
  private readonly coded = new CodedEvents();
  private readonly run = new SortedRun(this.coded);
  /** Place in the run of the record to come. */
  private place = 0;
  /** Records of the run before this place come before all near events, and their rows have been touched. */
  private stop = 0;
  /** Where the current bucket starts, a multiple of its width: at first before all events, which so begin in the ring. */
  private start = -(2 ** firstWidthBits);
  private widthBits = firstWidthBits;
  private width = 2 ** firstWidthBits;
  private perTick = 2 ** -firstWidthBits;
  private offsetMask = ~(-1 << firstWidthBits);
  private reach = this.width * this.ring.buckets;
  /** What of the reach lies within a positive 32-bit integer. */
  private wordReach = Math.min(this.reach, 2 ** 31);
  /** Since the last sweep: buckets passed, words of their runs, events that came near or far. */
  private readonly tally = { buckets: 0, words: 0, near: 0, far: 0 };
  private rows: Float64Array = new Float64Array(0);
  private stride = 0;

  /** `pending`: how many events to make room for. */
  constructor(pending: number) {
    this.ring.reserve(pending + this.ring.buckets);
  }

  /** Events pending; counts them. */
  get size(): number {
    const words = this.run.end - this.place + this.ring.wordsFrom(0);
    return words / recordWords + this.near.size + this.far.size;
  }

  /**
   * Names the rows, `stride` doubles to an entity, that events read first: the queue touches those of events to
   * come, many at once, so that the processor waits for memory once instead of once an event.
   */
  touchAhead(rows: Float64Array, stride: number): void {
    this.rows = rows;
    this.stride = stride;
  }

  /**
   * Adds an event; `tick` must not lie before the event taken last, `entity` and `code` are whole numbers below
   * 2^31. One whose code is 0 takes the least memory.
   */
  push(tick: number, entity: number, code: number): void {
    const ahead = tick - this.start;
    // Below the width it is near. Within a word the rest is done in whole numbers.
    if (ahead >= this.width && ahead < this.wordReach) {
      const ticks = ahead | 0;
      this.ring.append(ticks >>> this.widthBits, ticks & this.offsetMask, this.coded.name(entity, code));
    } else this.pushOutside(tick, entity, code);
  }

  /** Looks at the next event without taking it: `headTick` and `headEntity`; false when none is left. */
  peek(): boolean {
    const { near, run } = this;
    if (!this.hasHead()) return false;
    if (this.isNearFirst()) {
      this.headTick = near.tick;
      this.headEntity = near.entity;
    } else {
      this.headTick = this.start + (run.words[this.place] ?? 0);
      this.headEntity = this.coded.entityOf(run.words[this.place + 1] ?? 0);
    }
    return true;
  }

  /** Takes the next event into `tick`, `entity` and `code`; false when none is left. */
  next(): boolean {
    if (this.place >= this.stop) {
      if (!this.hasHead()) return false;
      if (this.isNearFirst()) {
        this.takeNear();
        return true;
      }
      this.moveStop();
    }
    const { place } = this;
    const { words } = this.run;
    this.place = place + recordWords;
    this.tick = this.start + (words[place] ?? 0);
    const name = words[place + 1] ?? 0;
    this.entity = name;
    this.code = 0;
    if (name < 0) this.decode(name);
    return true;
  }

  private decode(name: number): void {
    const { coded } = this;
    this.entity = coded.entityOf(name);
    this.code = coded.codeOf(name);
    coded.forget(name);
  }

  private takeNear(): void {
    const { near } = this;
    this.tick = near.tick;
    this.entity = near.entity;
    this.code = near.code;
    near.pop();
  }

  private pushOutside(tick: number, entity: number, code: number): void {
    const ahead = tick - this.start;
    if (ahead < this.width) {
      this.tally.near += 1;
      this.near.push(tick, entity, code);
      this.stop = this.placeOf(tick, entity, code);
    } else if (ahead < this.reach) {
      this.file(tick, this.coded.name(entity, code));
    } else {
      this.tally.far += 1;
      this.far.push(tick, entity, code);
    }
  }

  /** Goes to the next bucket that holds events where the current one is used up; false when none is left. */
  private hasHead(): boolean {
    while (this.place === this.run.end && this.near.size === 0) {
      if (this.ring.chunks === 0 && this.far.size === 0) return false;
      this.advance();
    }
    return true;
  }

  private isNearFirst(): boolean {
    const { near, place, run } = this;
    if (near.size === 0) return false;
    return place === run.end || run.isBefore(near.tick - this.start, near.entity, near.code, place);
  }

  /** Touches the rows of the records to come and lets `next` take those before the first near event. */
  private moveStop(): void {
    const { coded, near, place, rows, run, stride } = this;
    this.stop = run.end;
    if (stride > 0) {
      this.stop = Math.min(run.end, place + touchEvents * recordWords);
      // Entities beyond the rows have none, and a single read out of bounds makes all of them slow and leave garbage.
      const lastRow = rows.length - stride;
      let sum = 0;
      for (let at = place + 1; at < this.stop; at += recordWords) {
        const row = Math.min(coded.entityOf(run.words[at] ?? 0) * stride, lastRow);
        // A row may lie across two cache lines.
        sum += (rows[row] ?? 0) + (rows[row + stride - 1] ?? 0);
      }
      this.touched = sum;
    }
    if (near.size > 0) this.stop = this.placeOf(near.tick, near.entity, near.code);
  }

  /** Place of the first record before `stop` that comes after an event; `stop` when none does. */
  private placeOf(tick: number, entity: number, code: number): number {
    const { run, start } = this;
    let low = this.place / recordWords;
    let high = this.stop / recordWords;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (run.isBefore(tick - start, entity, code, middle * recordWords)) high = middle;
      else low = middle + 1;
    }
    return high * recordWords;
  }

  /** Makes the next bucket the current one. */
  private advance(): void {
    const { far, ring, run, tally } = this;
    this.place = 0;
    this.stop = 0;
    if (ring.chunks === 0) {
      // Nothing until the first far event.
      this.start = Math.floor(far.least() * this.perTick) * this.width;
      this.sweep();
    } else {
      this.start += this.width;
      ring.first = (ring.first + 1) & (ring.buckets - 1);
      tally.buckets += 1;
      const tooLong = tally.buckets >= fewBuckets && this.runsAreLong();
      if (tooLong || tally.buckets >= ring.buckets / 2) this.sweep();
    }
    run.take(ring, this.widthBits);
    tally.words += run.end;
  }

  /** Twice a turn or more: lets in the far events that the ring now reaches, at a bucket width that suits the load. */
  private sweep(): void {
    this.retune();
    Object.assign(this.tally, { buckets: 0, words: 0, near: 0, far: 0 });
    this.far.release(this.start + this.reach, (tick, entity, code) =>
      this.file(tick, this.coded.name(entity, code)),
    );
  }

  /**
   * Wider buckets when most events fall beyond the ring or runs are too short to be worth a bucket; narrower ones
   * when runs leave the cache or the heap is busy, unless many events would then fall beyond the ring. The order is
   * the same.
   */
  private retune(): void {
    const { ring, tally, widthBits } = this;
    const records = tally.words / recordWords;
    const sparse = records < shortRun * tally.buckets && 32 * tally.near < records;
    if (widthBits < widestBits && (2 * tally.far > records || sparse)) this.rebuild(widthBits + 1);
    else if (
      widthBits > narrowestBits &&
      (this.runsAreLong() || 8 * tally.near > records) &&
      8 * tally.far <= records &&
      8 * ring.wordsFrom(ring.buckets / 2) <= ring.wordsFrom(0)
    )
      this.rebuild(widthBits - 1);
  }

  private runsAreLong(): boolean {
    return this.tally.words > longRun * recordWords * this.tally.buckets;
  }

  /** Files all records of the ring anew, each bucket before those that its records go to. */
  private rebuild(widthBits: number): void {
    const { ring, start, width } = this;
    const narrower = widthBits < this.widthBits;
    this.setWidth(widthBits);
    this.start = Math.floor(start * this.perTick) * this.width;
    for (let step = 0; step < ring.buckets; step += 1) {
      const ahead = narrower ? ring.buckets - 1 - step : step;
      const from = start + ahead * width;
      for (let end = ring.detach(ahead); end !== 0; end = ring.free(end)) {
        for (let at = ring.startOf(end); at < end; at += recordWords) {
          const { words } = ring;
          this.file(from + (words[at] ?? 0), words[at + 1] ?? 0);
        }
      }
    }
  }

  /** Adds an event that is not near, the current bucket not having been taken yet. */
  private file(tick: number, name: number): void {
    const { coded } = this;
    const ahead = tick - this.start;
    if (ahead < this.reach) {
      this.ring.append((ahead * this.perTick) | 0, tick & (this.width - 1), name);
      return;
    }
    this.far.push(tick, coded.entityOf(name), coded.codeOf(name));
    coded.forget(name);
  }

  private setWidth(bits: number): void {
    this.widthBits = bits;
    this.width = 2 ** bits;
    this.perTick = 2 ** -bits;
    this.offsetMask = ~(-1 << bits);
    this.reach = this.width * this.ring.buckets;
    this.wordReach = Math.min(this.reach, 2 ** 31);
  }
}
