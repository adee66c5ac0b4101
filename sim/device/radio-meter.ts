import type { EnergyCause } from '../metrics/index.ts';
import type { RadioSpec } from '../spec.ts';
import { RadioTotals } from './radio-totals.ts';

/** What the radio of one device did. Joules are above the idle floor by cause; `idle` is the floor over all the time. */
export interface RadioReading {
  readonly wakeUps: number;
  readonly energyJ: Readonly<Record<EnergyCause, number>>;
}

/**
 * Radio energy of one device from its transfers, as the union of its activity: transfers that come while the
 * radio is still awake share its tail. The simulator's own accounting, for real transfers.
 */
export class RadioMeter {
  private readonly totals: RadioTotals;
  private readonly endTick: number;
  private lastActive: number;

  /** Counts from `fromMs` to `toMs`; transfers before and after shape the states at the edges only. */
  constructor(radio: RadioSpec, fromMs: number, toMs: number) {
    this.endTick = Math.round(toMs * 1000);
    this.totals = new RadioTotals(radio, { from: Math.round(fromMs * 1000), to: this.endTick });
    this.lastActive = this.totals.idleSinceStart;
  }

  /**
   * Notes a transfer. Feed transfers in the order of their start; overlapping ones count once.
   * @throws RangeError when it has no time
   */
  transfer(startMs: number, bytesUp: number, bytesDown: number, durationMs: number): void {
    if (!Number.isFinite(startMs + durationMs))
      throw new RangeError(`a transfer at ${startMs} ms for ${durationMs} ms`);
    const start = Math.round(startMs * 1000);
    const ready = this.totals.ready(this.lastActive, start);
    const end = ready + Math.round(durationMs * 1000);
    this.lastActive = this.totals.transfer(this.lastActive, ready, end, bytesUp, bytesDown);
  }

  /** Accounts for the rest of the counted time and reads the meter; it takes no transfers afterwards. */
  finish(): RadioReading {
    if (this.lastActive < this.endTick) this.totals.rest(this.lastActive, this.endTick);
    this.lastActive = this.endTick;
    return { wakeUps: this.totals.wakeUps, energyJ: this.totals.energyJ() };
  }
}
