import { createSampler, uniform, type Sampler } from '../kernel/index.ts';
import type { PushServiceSpec } from '../spec.ts';

/**
 * The way of a message through the push service: outage, throttle, loss and delay. `Infinity` for one that never
 * arrives. Times are ticks (microseconds).
 */
export class PushRoute {
  private readonly spec: PushServiceSpec;
  private readonly delayMs: Sampler;
  /** By device, when its bucket will be full again (virtual scheduling of a token bucket). */
  private readonly fullAt: Float64Array;

  constructor(spec: PushServiceSpec, devices: number) {
    this.spec = spec;
    this.delayMs = createSampler(spec.delayMs);
    this.fullAt = new Float64Array(spec.throttle === undefined ? 0 : devices);
  }

  /** When the service takes a message offered at `tick`: at once, or when it is back. */
  acceptedAt(tick: number): number {
    const outage = this.spec.outages?.find(({ fromMs, toMs }) => tick >= fromMs * 1000 && tick < toMs * 1000);
    if (outage === undefined) return tick;
    return outage.lost ? Infinity : outage.toMs * 1000;
  }

  /** When a message accepted at `tick` arrives at a device that is reachable; `draw` is the index of its draws. */
  arrivesAt(
    device: number,
    tick: number,
    keys: { readonly pushLoss: number; readonly pushDelay: number },
    draw: number,
  ): number {
    if (uniform(keys.pushLoss, device, draw) < this.spec.loss) return Infinity;
    const passed = this.passesAt(device, tick);
    return passed + Math.round(this.delayMs(keys.pushDelay, device, draw) * 1000);
  }

  private passesAt(device: number, tick: number): number {
    const { throttle } = this.spec;
    if (throttle === undefined) return tick;
    const refill = throttle.refillMs * 1000;
    const full = Math.max(tick, this.fullAt[device] ?? 0);
    const passes = Math.max(tick, full - (throttle.burst - 1) * refill);
    if (passes > tick && throttle.over === 'drop') return Infinity;
    this.fullAt[device] = full + refill;
    return passes;
  }
}
