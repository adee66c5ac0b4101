import type { ThrottleSpec } from '../spec.ts';

/** A token bucket for each device, by virtual scheduling. Times are ticks (microseconds). */
export class DeviceBuckets {
  readonly spec: ThrottleSpec;
  /** By device, when its bucket will be full again. */
  private readonly fullAt: Float64Array;

  constructor(spec: ThrottleSpec, devices: number) {
    this.spec = spec;
    this.fullAt = new Float64Array(devices);
  }

  /** When a message that comes at `tick` passes, which takes a token; `Infinity` when it vanishes instead. */
  passesAt(device: number, tick: number): number {
    const { burst, refillMs, over } = this.spec;
    const refill = refillMs * 1000;
    const full = Math.max(tick, this.fullAt[device] ?? 0);
    const passes = Math.max(tick, full - (burst - 1) * refill);
    if (passes > tick && over === 'drop') return Infinity;
    this.fullAt[device] = full + refill;
    return passes;
  }
}
