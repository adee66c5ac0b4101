import type { ColdStart } from './cold-start.ts';
import type { Pauses } from './pauses.ts';

/** Of jobs that begin again as any other. */
const anyKind = -1;

/** What keeps a worker beside its jobs. */
export interface Hindrances {
  readonly cold?: ColdStart | undefined;
  readonly pauses?: Pauses | undefined;
}

/**
 * First come, first served by `workers` equal workers: a job starts when it has arrived and a worker is free.
 * Jobs must be offered in the order of their arrival. Times are ticks (microseconds).
 */
export class FifoServer {
  private readonly workers: number;
  /** When each busy worker is free, a binary heap; those that have become free since are taken out late. */
  private readonly freeAt: Float64Array;
  private busy = 0;
  /** When what the job before was asked is answered; what beginning again takes goes on. Kept, as the next, only where it matters. */
  private answered = 0;
  /** Since when the other workers have nothing to answer, in that order. */
  private readonly idleSince: number[];
  private readonly cold: ColdStart | undefined;
  private readonly pauses: Pauses | undefined;
  private readonly clock: { readonly tick: number };

  /** `clock`: what `enqueueNow` goes by. */
  constructor(
    workers: number,
    { cold, pauses }: Hindrances = {},
    clock: { readonly tick: number } = { tick: 0 },
  ) {
    if (!(workers >= 1)) throw new RangeError(`a server needs at least one worker, got ${workers}`);
    this.workers = workers;
    this.freeAt = new Float64Array(workers);
    this.cold = cold;
    this.pauses = pauses;
    this.clock = clock;
    this.idleSince = cold === undefined ? [] : Array.from({ length: workers }, () => 0);
  }

  /** Forgets all jobs; workers are free from `tick` on. */
  clear(tick: number): void {
    this.freeAt.fill(tick);
    this.busy = this.workers;
    this.answered = tick;
    this.idleSince.length = 0;
  }

  /** Begins anew, before all jobs so far, with nothing to do. */
  rewind(): void {
    this.busy = 0;
    this.answered = 0;
  }

  /** When the job is done. */
  serve(arrival: number, service: number, kind = anyKind): number {
    return arrival + this.enqueue(arrival, service, kind) + service;
  }

  /** Whether a job that arrives at `tick` would start at once. */
  isFree(tick: number): boolean {
    return this.busy < this.workers || (this.freeAt[0] ?? 0) <= tick;
  }

  /** How long a job that arrives at `tick` would wait. */
  backlog(tick: number): number {
    return this.isFree(tick) ? 0 : (this.freeAt[0] ?? 0) - tick;
  }

  /** As `enqueue`, for a job that arrives now: a time handed over may be boxed, and this is done for most contacts. */
  enqueueNow(service: number, kind: number): number {
    return this.enqueue(this.clock.tick, service, kind);
  }

  /** Takes the job, of a kind where it begins again in its own way; returns how long it waits before a worker starts on it. */
  enqueue(arrival: number, service: number, kind = anyKind): number {
    const { freeAt } = this;
    const taking = this.pauses === undefined ? service : service + this.pauses.take(arrival, service);
    while (this.busy > 0 && (freeAt[0] ?? 0) <= arrival) this.release();
    if (this.busy === this.workers) {
      const start = freeAt[0] ?? 0;
      const extra =
        this.cold === undefined ? 0 : this.begin(this.cold, arrival, start + taking, this.answered, kind);
      this.sink(start + taking + extra);
      return start - arrival;
    }
    const extra =
      this.cold === undefined
        ? 0
        : this.begin(this.cold, arrival, arrival + taking, this.idleSince.shift() ?? 0, kind);
    this.rise(arrival + taking + extra);
    return 0;
  }

  /** What a worker spends to begin again that has had nothing to answer since `idleSince`. */
  private begin(cold: ColdStart, arrival: number, answered: number, idleSince: number, kind: number): number {
    this.answered = answered;
    return cold.take(arrival, Math.max(0, arrival - idleSince), kind);
  }

  /** The worker that is free first has nothing to do. */
  private release(): void {
    const { freeAt } = this;
    // Of several workers the last to answer may have been another: that is as near as one time for all comes.
    if (this.cold !== undefined) this.idleSince.push(Math.min(this.answered, freeAt[0] ?? 0));
    this.busy -= 1;
    if (this.busy > 0) this.sink(freeAt[this.busy] ?? 0);
  }

  /** Adds a busy worker. */
  private rise(value: number): void {
    const { freeAt } = this;
    let hole = this.busy;
    this.busy += 1;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = freeAt[parent] ?? 0;
      if (above <= value) break;
      freeAt[hole] = above;
      hole = parent;
    }
    freeAt[hole] = value;
  }

  /** Replaces the one on top. */
  private sink(value: number): void {
    const { busy, freeAt } = this;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= busy) break;
      let least = freeAt[child] ?? 0;
      const right = child + 1 < busy ? (freeAt[child + 1] ?? Infinity) : Infinity;
      if (right < least) {
        child += 1;
        least = right;
      }
      if (least >= value) break;
      freeAt[hole] = least;
      hole = child;
    }
    freeAt[hole] = value;
  }
}
