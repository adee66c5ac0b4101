import type { ServerSpec } from '../spec.ts';

/** Messages of a collection that are due at the same instant: how many, and how many of these were not sent yet. */
interface Burst {
  size: number;
  left: number;
}

/**
 * What the messages of a burst leave to other threads than the worker: a server that has threads for that hands over many
 * messages, and encrypts few where they stand.
 */
export class Bursts {
  private readonly few: number;
  private readonly many: number;
  private readonly from: number;
  /** By collection and tick; none when all bursts are alike. Most collections have none at a time, and cost nothing. */
  private readonly pending = new Map<number, Map<number, Burst>>();

  constructor({ besides = 0, pushBesides = besides, pushThreads }: ServerSpec) {
    this.few = pushBesides;
    this.many = pushThreads?.besides ?? pushBesides;
    this.from = pushThreads?.from ?? Infinity;
  }

  /** A message of the collection is due at `tick`. */
  add(collection: number, tick: number): void {
    if (this.from === Infinity) return;
    const bursts = this.pending.get(collection) ?? new Map<number, Burst>();
    const burst = bursts.get(tick) ?? { size: 0, left: 0 };
    burst.size += 1;
    burst.left += 1;
    this.pending.set(collection, bursts.set(tick, burst));
  }

  /** One that was is no longer. */
  remove(collection: number, tick: number): void {
    const burst = this.take(collection, tick);
    if (burst !== undefined) burst.size -= 1;
  }

  /** What other threads do of a message that is sent at `tick`, for each part that the worker does. */
  besides(collection: number, tick: number): number {
    return (this.take(collection, tick)?.size ?? 0) < this.from ? this.few : this.many;
  }

  /** The burst of a message that it waits for no more. */
  private take(collection: number, tick: number): Burst | undefined {
    const bursts = this.pending.get(collection);
    const burst = bursts?.get(tick);
    if (bursts === undefined || burst === undefined) return undefined;
    burst.left -= 1;
    if (burst.left === 0) bursts.delete(tick);
    if (bursts.size === 0) this.pending.delete(collection);
    return burst;
  }

  /** The worker's part of what would take it `alone` in a small burst: all threads together take as long in any. */
  ofWorker(alone: number, besides: number): number {
    return besides === this.few ? alone : (alone * (1 + this.few)) / (1 + besides);
  }
}
