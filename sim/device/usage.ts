import { createSampler, uniform, type Sampler } from '../kernel/index.ts';
import type { DailyHours, UsageSpec } from '../spec.ts';
import { DailySpan } from './daily-span.ts';

const hourTicks = 3_600_000_000;
const dayTicks = 24 * hourTicks;

/**
 * When devices are in use, on a charger or carried about. A function of (device, local time) alone, as `Connectivity`
 * is, so that all policies under one seed meet the same days. Times are ticks (microseconds) on the user's clock.
 */
export class Usage {
  private readonly key: number;
  private readonly charging: DailySpan | undefined;
  private readonly carried: DailySpan | undefined;
  /** Waking time, cut into slots of equal length with one spell of use each; 0 for no use. */
  private readonly slot: number;
  private readonly wakes: number;
  private readonly awake: number;
  private readonly lengthMs: Sampler | undefined;
  /** Share of the spells in which the app is opened, and the stream that decides. */
  private readonly opens: number;
  private readonly openKey: number;
  private readonly batteryLife: number;

  constructor(spec: UsageSpec, key: number) {
    this.key = key;
    const span = (hours: DailyHours | undefined, place: number) => hours && new DailySpan(hours, key, place);
    this.charging = span(spec.charging, -1);
    this.carried = span(spec.carried, -2);
    const { screen } = spec;
    const hours = screen?.hours ?? { from: 0, to: 24 };
    this.wakes = hours.from * hourTicks;
    this.awake = (hours.to > hours.from ? hours.to - hours.from : hours.to + 24 - hours.from) * hourTicks;
    this.slot = screen === undefined ? 0 : this.awake / screen.perDay;
    this.opens = screen?.opens ?? 0;
    this.openKey = key ^ 0x2545f491;
    this.lengthMs = screen && createSampler(screen.lengthMs);
    this.batteryLife = (spec.batteryLifeMs ?? Infinity) * 1000;
  }

  onCharger(device: number, tick: number): boolean {
    return this.charging?.holds(device, tick) ?? false;
  }

  /** From `tick` on, the next instant on a charger; `Infinity` for none. */
  nextCharge(device: number, tick: number): number {
    return this.charging?.next(device, tick) ?? Infinity;
  }

  /** What is left of the charge, as a share of a full one, which the charger leaves it with and time drains evenly. */
  chargeAt(device: number, tick: number): number {
    const charged = this.charging?.last(device, tick) ?? tick;
    return Math.max(0, 1 - (tick - charged) / this.batteryLife);
  }

  /** Whether the device is one of a share that is drawn once for all. */
  hasTrait(device: number, share: number): boolean {
    return share >= 1 || uniform(this.key, device, -3) < share;
  }

  isCarried(device: number, tick: number): boolean {
    return this.carried?.holds(device, tick) ?? false;
  }

  nextCarried(device: number, tick: number): number {
    return this.carried?.next(device, tick) ?? Infinity;
  }

  /** When it was last carried, at or before `tick`; `-Infinity` for never. */
  lastCarried(device: number, tick: number): number {
    return this.carried?.last(device, tick) ?? -Infinity;
  }

  /** The instant at or after `tick` at which the device is in use or on a charger. */
  nextTouch(device: number, tick: number): number {
    return Math.min(this.nextCharge(device, tick), this.nextScreen(device, tick));
  }

  /** When it was last in use or on a charger, at or before `tick`: `tick` itself if it is. */
  lastTouch(device: number, tick: number): number {
    return Math.max(this.charging?.last(device, tick) ?? -Infinity, this.lastScreen(device, tick));
  }

  /** The instant at or after `tick` at which the app is open or the device on a charger. */
  nextFreedom(device: number, tick: number): number {
    return Math.min(this.nextCharge(device, tick), this.nextOpening(device, tick));
  }

  private nextOpening(device: number, tick: number): number {
    if (this.slot === 0 || this.opens === 0) return Infinity;
    for (let slot = this.slotAt(tick) - 1; ; slot += 1) {
      if (uniform(this.openKey, device, slot) >= this.opens) continue;
      const start = this.startOf(device, slot);
      if (tick < start + this.lengthOf(device, slot)) return Math.max(tick, start);
    }
  }

  private nextScreen(device: number, tick: number): number {
    if (this.slot === 0) return Infinity;
    for (let slot = this.slotAt(tick) - 1; ; slot += 1) {
      const start = this.startOf(device, slot);
      if (tick < start + this.lengthOf(device, slot)) return Math.max(tick, start);
    }
  }

  private lastScreen(device: number, tick: number): number {
    if (this.slot === 0) return -Infinity;
    for (let slot = this.slotAt(tick); ; slot -= 1) {
      const start = this.startOf(device, slot);
      if (start <= tick) return Math.min(tick, start + this.lengthOf(device, slot));
    }
  }

  private slotAt(tick: number): number {
    const since = tick - this.wakes;
    const day = Math.floor(since / dayTicks);
    return Math.floor((day * this.awake + Math.min(this.awake, since - day * dayTicks)) / this.slot);
  }

  private lengthOf(device: number, slot: number): number {
    return Math.min(this.slot, Math.round((this.lengthMs?.(this.key, device, 2 * slot) ?? 0) * 1000));
  }

  private startOf(device: number, slot: number): number {
    const room = this.slot - this.lengthOf(device, slot);
    const waking = slot * this.slot + Math.floor(room * uniform(this.key, device, 2 * slot + 1));
    const day = Math.floor(waking / this.awake);
    return this.wakes + day * dayTicks + Math.round(waking - day * this.awake);
  }
}
