import { createSampler, nearest, uniform, type Sampler } from '../kernel/index.ts';
import type { PushServiceSpec } from '../spec.ts';
import { DeviceBuckets } from './device-buckets.ts';
import { TopicTurns } from './topic-turns.ts';

/**
 * The way of a message through the push service: outage, throttle, loss and delay. `Infinity` for one that never
 * arrives. Times are ticks (microseconds).
 */
export class PushRoute {
  private readonly spec: PushServiceSpec;
  private readonly delayMs: Sampler;
  /** Messages so far, by device. */
  private readonly counts: Uint32Array;
  private readonly buckets: readonly DeviceBuckets[];
  /** By subscription. */
  private readonly turns = new TopicTurns<number>();
  /** When the throttle lets the message through that `arrivesAt` took last. */
  passedAt = 0;

  /** Messages that the service keeps for a device out of reach. */
  readonly mostStored: number;

  constructor(spec: PushServiceSpec, devices: number) {
    this.counts = new Uint32Array(devices);
    this.mostStored = spec.mostStored ?? Infinity;
    this.spec = spec;
    this.delayMs = createSampler(spec.delayMs);
    this.buckets = [spec.throttle, spec.deviceLimit]
      .filter((throttle) => throttle !== undefined)
      .map((throttle) => new DeviceBuckets(throttle, devices));
  }

  /** When the service takes a message offered at `tick`: at once, or when it is back. */
  acceptedAt(tick: number): number {
    const outage = this.spec.outages?.find(({ fromMs, toMs }) => tick >= fromMs * 1000 && tick < toMs * 1000);
    if (outage === undefined) return tick;
    return outage.lost ? Infinity : outage.toMs * 1000;
  }

  /**
   * When a message accepted at `tick` arrives at a device that is reachable; `draw` is the index of its draws. One of a
   * topic takes the turn of the one that it replaces, which the caller lets go of.
   */
  arrivesAt(
    { device, topic }: { readonly device: number; readonly topic: boolean },
    subscription: number,
    tick: number,
    keys: { readonly pushLoss: number; readonly pushDelay: number },
    draw: number,
  ): number {
    // The n-th message to a device is lost by the n-th draw, so that live runs can lose the same ones.
    const nth = this.counts[device] ?? 0;
    this.counts[device] = nth + 1;
    this.passedAt = tick;
    if (uniform(keys.pushLoss, device, nth) < this.spec.loss) return Infinity;
    this.passedAt =
      topic && this.buckets.length > 0
        ? this.turns.passesAt(subscription, tick, () => this.passesAt(device, topic, tick))
        : this.passesAt(device, topic, tick);
    return this.passedAt + nearest(this.delayMs(keys.pushDelay, device, draw) * 1000);
  }

  private passesAt(device: number, topic: boolean, tick: number): number {
    let passes = tick;
    for (const bucket of this.buckets) {
      if (passes < Infinity && (topic || bucket.spec.topicsOnly !== true))
        passes = bucket.passesAt(device, passes);
    }
    return passes;
  }
}
