import type { ColdStart } from './cold-start.ts';

/**
 * First come, first served by `workers` equal workers: a job starts when it has arrived and a worker is free.
 * Jobs must be offered in the order of their arrival. Times are ticks (microseconds).
 */
export class FifoServer {
  private readonly freeAt: Float64Array;
  private readonly cold: ColdStart | undefined;

  constructor(workers: number, cold?: ColdStart) {
    if (!(workers >= 1)) throw new RangeError(`a server needs at least one worker, got ${workers}`);
    this.freeAt = new Float64Array(workers);
    this.cold = cold;
  }

  /** Forgets all jobs; workers are free from `tick` on. */
  clear(tick: number): void {
    this.freeAt.fill(tick);
  }

  /** When the job is done. */
  serve(arrival: number, service: number): number {
    return arrival + this.enqueue(arrival, service) + service;
  }

  /** Whether a job that arrives at `tick` would start at once. */
  isFree(tick: number): boolean {
    return (this.freeAt[0] ?? 0) <= tick;
  }

  /** How long a job that arrives at `tick` would wait. */
  backlog(tick: number): number {
    return Math.max(0, (this.freeAt[0] ?? 0) - tick);
  }

  /** Takes the job; returns how long it waits before a worker starts on it. */
  enqueue(arrival: number, service: number): number {
    const { freeAt } = this;
    const free = freeAt[0] ?? 0;
    const wait = free > arrival ? free - arrival : 0;
    const cold = this.cold !== undefined && wait === 0 ? this.cold.take(arrival, arrival - free) : 0;
    const taken = arrival + wait + service + cold;
    if (freeAt.length === 1) freeAt[0] = taken;
    else this.replaceLeast(taken);
    return wait;
  }

  /** `freeAt` is a binary heap, the worker that is free first on top. */
  private replaceLeast(value: number): void {
    const { freeAt } = this;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= freeAt.length) break;
      let least = freeAt[child] ?? 0;
      const right = freeAt[child + 1] ?? Infinity;
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
