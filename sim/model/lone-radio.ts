import { RadioTotals } from '../device/index.ts';
import type { RadioSpec } from '../spec.ts';
import type { CountedWindow } from '../window.ts';

/** What a part of the traffic would make of the radios of a group if it had them to itself. */
export class LoneRadio {
  readonly totals: RadioTotals;
  /** When each radio would have been active last. */
  private readonly last: Float64Array;

  constructor(radio: RadioSpec, devices: number, window: CountedWindow) {
    this.totals = new RadioTotals(radio, window);
    this.last = new Float64Array(devices).fill(this.totals.idleSinceStart);
  }

  /** The end of all activity so far. */
  get latest(): number {
    return this.last.reduce((latest, tick) => Math.max(latest, tick), 0);
  }

  /** Wakes the radio at `tick`; returns when it can send. */
  ready(device: number, tick: number): number {
    const before = this.last[device] ?? 0;
    const ready = this.totals.ready(before, tick);
    if (ready > before) this.last[device] = ready;
    return ready;
  }

  /** A transfer from `start` to `end`; what of it lies before the radio is ready is not counted. */
  transfer(device: number, start: number, end: number, bytesUp: number, bytesDown: number): void {
    // The shared radio may have needed a promotion that this one does not.
    this.linger(device, start);
    this.last[device] = this.totals.transfer(this.last[device] ?? 0, start, end, bytesUp, bytesDown);
  }

  /** A small transfer of `length` at `tick`, which may pass in the state that the radio is in. */
  small(device: number, tick: number, length: number, bytesUp: number, bytesDown: number): void {
    const carried = this.totals.carried(this.last[device] ?? 0, tick, bytesUp, bytesDown);
    if (Number.isNaN(carried)) {
      const ready = this.ready(device, tick);
      this.transfer(device, ready, ready + length, bytesUp, bytesDown);
    } else {
      this.last[device] = carried;
    }
  }

  /** The radio stays awake to `tick`. */
  linger(device: number, tick: number): void {
    const last = this.last[device] ?? 0;
    if (tick <= last) return;
    this.totals.linger(last, tick);
    this.last[device] = tick;
  }

  /** Accounts for the rest of the counted time of a device. */
  finish(device: number, end: number): void {
    const last = this.last[device] ?? 0;
    if (last < end) this.totals.rest(last, end);
    this.last[device] = end;
  }
}
