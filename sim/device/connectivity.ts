import { createSampler, uniform, type Sampler } from '../kernel/index.ts';
import type { ConnectivitySpec } from '../spec.ts';

const hourTicks = 3_600_000_000;
const dayTicks = 24 * hourTicks;
const mostSteps = 1000;

/**
 * When devices are reachable. A function of (device, time) alone, so that both backends and all policies under one
 * seed meet the same offline spells, and nobody has to keep a state. Times are ticks (microseconds) on the user's clock.
 */
export class Connectivity {
  private readonly spec: ConnectivitySpec;
  private readonly key: number;
  private readonly slot: number;
  private readonly lengthMs: Sampler | undefined;

  constructor(spec: ConnectivitySpec, key: number) {
    this.spec = spec;
    this.key = key;
    this.slot = spec.spells === undefined ? Infinity : Math.round(dayTicks / spec.spells.perDay);
    this.lengthMs = spec.spells === undefined ? undefined : createSampler(spec.spells.lengthMs);
  }

  /** The first instant from `tick` on at which the device is reachable; `tick` itself when it is. */
  onlineAt(device: number, tick: number): number {
    let at = tick;
    for (let step = 0; step < mostSteps; step += 1) {
      const later = this.afterSpell(device, this.afterHours(at));
      if (later === at) return at;
      at = later;
    }
    return Infinity;
  }

  /** The next of the recurring hours, or `tick` itself. */
  private afterHours(tick: number): number {
    const { hours } = this.spec;
    if (hours === undefined) return tick;
    const from = hours.from * hourTicks;
    const to = hours.to * hourTicks;
    for (let day = Math.floor(tick / dayTicks); ; day += 1) {
      if ((hours.days?.[((day % 7) + 7) % 7] ?? 1) === 0) continue;
      const start = day * dayTicks + from;
      if (tick < day * dayTicks + to) return tick > start ? tick : start;
    }
  }

  /** The end of the spell that `tick` lies in, or `tick` itself. Each slot of time holds one spell at a random place. */
  private afterSpell(device: number, tick: number): number {
    if (this.lengthMs === undefined) return tick;
    const slot = Math.floor(tick / this.slot);
    const length = Math.min(this.slot - 1, Math.round(this.lengthMs(this.key, device, 2 * slot) * 1000));
    const place = uniform(this.key, device, 2 * slot + 1);
    const start = slot * this.slot + Math.floor((this.slot - length) * place);
    return tick >= start && tick < start + length ? start + length : tick;
  }
}
