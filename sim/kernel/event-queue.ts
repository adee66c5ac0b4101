import { BucketRing } from './bucket-ring.ts';
import { FarList } from './far-list.ts';
import { NearHeap } from './near-heap.ts';
import { SortedRun } from './sorted-run.ts';

const ringBuckets = 2048;
const mostNear = 4096;
const touchEvents = 32;

/**
 * Pending events in the total order (tick, entity, code), ticks being whole microseconds.
 *
 * A ladder of two rungs: events are appended to the bucket of their time and sorted when it becomes current, so
 * that each moves a few times through memory in sequence where a heap would chase twenty levels at random.
 * Events inside the current bucket go to a small heap, those beyond the ring to a list. An event is moved and
 * compared as one double, offset in the bucket times 2^entityBits plus entity, with its code beside it.
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
  private readonly scale: number;
  /** 1 / scale: exact, as both are powers of two, and cheaper than dividing. */
  private readonly perEntity: number;
  private readonly near = new NearHeap();
  private readonly far = new FarList();
  private readonly ring: BucketRing;
  private readonly run = new SortedRun();
  private readonly widestBits: number;
  private width: number;
  private perTick: number;
  private current = 0;
  private place = 0;
  private waiting = 0;
  private nextSweep = ringBuckets / 2;
  private pushes = 0;
  private farPushes = 0;
  private largestNear = 0;
  private rows: Float64Array = new Float64Array(0);
  private stride = 0;

  /** `entities`: numbers run from 0 to `entities` - 1. `pending`: how many events to make room for. */
  constructor(entities: number, pending: number) {
    const entityBits = Math.max(1, Math.ceil(Math.log2(entities)));
    this.scale = 2 ** entityBits;
    this.perEntity = 1 / this.scale;
    this.widestBits = Math.min(40, 53 - entityBits);
    this.width = 2 ** Math.min(19, this.widestBits);
    this.perTick = 1 / this.width;
    this.ring = new BucketRing(ringBuckets, pending);
  }

  /** Events pending. */
  get size(): number {
    return this.waiting;
  }

  /**
   * Names the rows, `stride` doubles to an entity, that events read first: the queue touches those of events to
   * come, many at once, so that the processor waits for memory once instead of once an event.
   */
  touchAhead(rows: Float64Array, stride: number): void {
    this.rows = rows;
    this.stride = stride;
  }

  /** Adds an event; `tick` must not lie before the event taken last, `code` is a whole number below 2^31. */
  push(tick: number, entity: number, code: number): void {
    const bucket = Math.floor(tick * this.perTick);
    this.waiting += 1;
    this.pushes += 1;
    const ahead = bucket - this.current;
    if (ahead <= 0) {
      this.near.push((tick - this.current * this.width) * this.scale + entity, code);
      if (this.near.size > this.largestNear) this.largestNear = this.near.size;
    } else if (ahead < ringBuckets) {
      const key = (tick - bucket * this.width) * this.scale + entity;
      this.ring.append(bucket & (ringBuckets - 1), key, code);
    } else {
      this.farPushes += 1;
      this.far.push(tick, entity, code);
    }
  }

  /** Looks at the next event without taking it: `headTick` and `headEntity`; false when none is left. */
  peek(): boolean {
    for (;;) {
      const { near, place, run } = this;
      const key = Math.min(near.minKey, place < run.count ? (run.keys[place] ?? Infinity) : Infinity);
      if (key !== Infinity) {
        const offset = Math.floor(key * this.perEntity);
        this.headTick = this.current * this.width + offset;
        this.headEntity = (key - offset * this.scale) | 0;
        return true;
      }
      if (this.waiting === 0) return false;
      this.advance();
    }
  }

  /** Takes the next event into `tick`, `entity` and `code`; false when none is left. */
  next(): boolean {
    for (;;) {
      const { near, place, run } = this;
      const key = place < run.count ? (run.keys[place] ?? 0) : Infinity;
      if (
        near.minKey < key ||
        (near.minKey === key && near.size > 0 && near.minCode() < (run.codes[place] ?? 0))
      ) {
        this.take(near.minKey, near.pop());
        return true;
      }
      if (key !== Infinity) {
        if ((place & (touchEvents - 1)) === 0) this.touch(place);
        this.place = place + 1;
        this.take(key, run.codes[place] ?? 0);
        return true;
      }
      if (this.waiting === 0) return false;
      this.advance();
    }
  }

  private take(key: number, code: number): void {
    const offset = Math.floor(key * this.perEntity);
    this.tick = this.current * this.width + offset;
    // A whole number below 2^31; saying so keeps it out of floating point from here on.
    this.entity = (key - offset * this.scale) | 0;
    this.code = code;
    this.waiting -= 1;
  }

  private touch(place: number): void {
    const { run, rows, stride, scale, perEntity } = this;
    if (stride === 0) return;
    const end = Math.min(run.count, place + touchEvents);
    let sum = 0;
    for (let ahead = place; ahead < end; ahead += 1) {
      const key = run.keys[ahead] ?? 0;
      const entity = (key - Math.floor(key * perEntity) * scale) | 0;
      // A row may lie across two cache lines.
      sum += (rows[entity * stride] ?? 0) + (rows[entity * stride + stride - 1] ?? 0);
    }
    this.touched = sum;
  }

  /** Makes the next bucket that holds events the current one. */
  private advance(): void {
    if (this.far.size === this.waiting) this.jump();
    else this.current += 1;
    if (this.current >= this.nextSweep) this.sweep();
    const slot = this.current & (ringBuckets - 1);
    this.place = 0;
    this.ring.drain(slot, this.run);
    this.run.sort(this.width * this.scale);
  }

  /** With an empty ring, goes straight to the bucket before the first far event. */
  private jump(): void {
    this.current = Math.max(this.current + 1, Math.floor(this.far.least() * this.perTick));
    this.nextSweep = this.current;
  }

  /** Twice a turn: lets in the far events that the ring now reaches, at a bucket width that suits the load. */
  private sweep(): void {
    this.retune();
    this.nextSweep = this.current + ringBuckets / 2;
    const reach = (this.current + ringBuckets) * this.width;
    this.far.release(reach, (tick, entity, code) => {
      const bucket = Math.floor(tick * this.perTick);
      const key = (tick - bucket * this.width) * this.scale + entity;
      this.ring.append(bucket & (ringBuckets - 1), key, code);
    });
  }

  /** Wider buckets when most events fall beyond the ring, narrower ones when the heap grows. The order is the same. */
  private retune(): void {
    const { pushes, farPushes, largestNear } = this;
    this.pushes = 0;
    this.farPushes = 0;
    this.largestNear = 0;
    if (farPushes * 2 > pushes && this.width < 2 ** this.widestBits) this.rebuild(this.width * 2);
    else if (largestNear > mostNear && farPushes * 8 < pushes && this.width > 1024)
      this.rebuild(this.width / 2);
  }

  private rebuild(width: number): void {
    const startTick = this.current * this.width;
    for (let ahead = 0; ahead < ringBuckets; ahead += 1) {
      const bucket = this.current + ahead;
      this.ring.drain(bucket & (ringBuckets - 1), this.run);
      const { codes, count, keys } = this.run;
      for (let place = 0; place < count; place += 1) {
        const key = keys[place] ?? 0;
        const offset = Math.floor(key / this.scale);
        this.far.push(bucket * this.width + offset, key - offset * this.scale, codes[place] ?? 0);
      }
    }
    this.width = width;
    this.perTick = 1 / width;
    this.current = Math.floor(startTick / width);
  }
}
