import type { ServerSpec } from '../spec.ts';

/**
 * What the messages of a burst, those that are due for a collection at the same instant, leave to other threads than the
 * worker: a server that has threads for that hands over many messages, and encrypts few where they stand.
 */
export class Bursts {
  private readonly few: number;
  private readonly many: number;
  private readonly from: number;
  /** By collection, how many messages are due and when; empty when all bursts are alike. */
  private readonly pending: Map<number, number>[];
  /** By collection, the burst that is sent, or was last. */
  private readonly sentAt: Float64Array;
  private readonly sentSize: Uint32Array;

  constructor({ besides = 0, pushBesides = besides, pushThreads }: ServerSpec, collections: number) {
    const several = pushThreads === undefined ? 0 : collections;
    this.few = pushBesides;
    this.many = pushThreads?.besides ?? pushBesides;
    this.from = pushThreads?.from ?? Infinity;
    this.pending = Array.from({ length: several }, () => new Map());
    this.sentAt = new Float64Array(several).fill(NaN);
    this.sentSize = new Uint32Array(several);
  }

  /** A message of the collection is due at `tick`. */
  add(collection: number, tick: number): void {
    const pending = this.pending[collection];
    pending?.set(tick, (pending.get(tick) ?? 0) + 1);
  }

  /** One that was is no longer. */
  remove(collection: number, tick: number): void {
    const pending = this.pending[collection];
    const size = pending?.get(tick);
    if (size === undefined) return;
    if (size > 1) pending?.set(tick, size - 1);
    else pending?.delete(tick);
  }

  /** What other threads do of a message that is sent at `tick`, for each part that the worker does. */
  besides(collection: number, tick: number): number {
    const pending = this.pending[collection];
    if (pending === undefined) return this.few;
    if (this.sentAt[collection] !== tick) {
      this.sentAt[collection] = tick;
      this.sentSize[collection] = pending.get(tick) ?? 0;
      pending.delete(tick);
    }
    return (this.sentSize[collection] ?? 0) < this.from ? this.few : this.many;
  }

  /** The worker's part of what would take it `alone` in a small burst: all threads together take as long in any. */
  ofWorker(alone: number, besides: number): number {
    return besides === this.few ? alone : (alone * (1 + this.few)) / (1 + besides);
  }
}
