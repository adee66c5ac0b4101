import { uniform } from '../kernel/index.ts';
import type { DailyHours } from '../spec.ts';

const hourTicks = 3_600_000_000;
const dayTicks = 24 * hourTicks;

/** Recurring hours of each device, shifted by a draw of its own. Times are ticks (microseconds) on the user's clock. */
export class DailySpan {
  private readonly from: number;
  private readonly length: number;
  private readonly spread: number;
  private readonly key: number;
  private readonly index: number;

  /** The draw of a device is the one at `index` of the stream. */
  constructor({ from, to, spreadMs }: DailyHours, key: number, index: number) {
    this.from = from * hourTicks;
    this.length = (to > from ? to - from : to + 24 - from) * hourTicks;
    this.spread = spreadMs * 1000;
    this.key = key;
    this.index = index;
  }

  holds(device: number, tick: number): boolean {
    return tick - this.startBefore(device, tick) < this.length;
  }

  /** `tick` itself within the hours, else when they begin next. */
  next(device: number, tick: number): number {
    const start = this.startBefore(device, tick);
    return tick - start < this.length ? tick : start + dayTicks;
  }

  /** `tick` itself within the hours, else when they ended last. */
  last(device: number, tick: number): number {
    return Math.min(tick, this.startBefore(device, tick) + this.length);
  }

  /** When the hours next begin or end, after `tick`. */
  edgeAfter(device: number, tick: number): number {
    const start = this.startBefore(device, tick);
    return tick - start < this.length ? start + this.length : start + dayTicks;
  }

  private startBefore(device: number, tick: number): number {
    const shift = this.spread === 0 ? 0 : (uniform(this.key, device, this.index) - 0.5) * this.spread;
    const first = this.from + Math.round(shift);
    return first + Math.floor((tick - first) / dayTicks) * dayTicks;
  }
}
