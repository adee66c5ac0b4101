import { createSampler, uniform, type Sampler } from '../kernel/index.ts';
import type { ConnectivitySpec } from '../spec.ts';
import { DailySpan } from './daily-span.ts';

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
  private readonly flight: DailySpan | undefined;
  private readonly slot: number;
  private readonly lengthMs: Sampler | undefined;

  constructor(spec: ConnectivitySpec, key: number) {
    this.spec = spec;
    this.key = key;
    this.flight = spec.airplane && new DailySpan(spec.airplane, key, -2);
    this.slot = spec.spells === undefined ? Infinity : Math.round(dayTicks / spec.spells.perDay);
    this.lengthMs = spec.spells === undefined ? undefined : createSampler(spec.spells.lengthMs);
  }

  /** The first instant from `tick` on at which the device is reachable; `tick` itself when it is. */
  onlineAt(device: number, tick: number): number {
    let at = tick;
    for (let step = 0; step < mostSteps; step += 1) {
      const later = this.afterSpell(device, this.afterHours(device, this.afterFlight(device, at)));
      if (later === at) return at;
      at = later;
    }
    return Infinity;
  }

  /** The next of the recurring hours, or `tick` itself. */
  private afterHours(device: number, tick: number): number {
    const { hours } = this.spec;
    if (hours === undefined) return tick;
    const spread = (hours.spreadMs ?? 0) * 1000;
    const shift = spread === 0 ? 0 : Math.round((uniform(this.key, device, -1) - 0.5) * spread);
    const from = hours.from * hourTicks + shift;
    const to = hours.to * hourTicks + shift;
    for (let day = Math.floor(tick / dayTicks); ; day += 1) {
      if ((hours.days?.[((day % 7) + 7) % 7] ?? 1) === 0) continue;
      const start = day * dayTicks + from;
      if (tick < day * dayTicks + to) return tick > start ? tick : start;
    }
  }

  /** The end of the hours of airplane mode that `tick` lies in, or `tick` itself. */
  private afterFlight(device: number, tick: number): number {
    const { airplane } = this.spec;
    if (airplane === undefined || this.flight?.holds(device, tick) !== true) return tick;
    return uniform(this.key, device, -3) < airplane.share ? this.flight.edgeAfter(device, tick) : tick;
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
