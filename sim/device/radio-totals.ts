import type { EnergyCause } from '../metrics/index.ts';
import type { RadioSpec } from '../spec.ts';

/**
 * How long the radios of a group spent in each state, and what that cost. A device's activity is fed in as it
 * comes; what the group must know of a device is one number, when its radio was last active, which the caller keeps.
 * So bursts of all sources share one tail, as they do on a real radio.
 *
 * Ticks are microseconds. Only time within the counted window is counted; a state that reaches over its edge is cut.
 */
export class RadioTotals {
  wakeUps = 0;
  private promotionTicks = 0;
  private activeTicks = 0;
  private idleTicks = 0;
  private megabitsUp = 0;
  private megabitsDown = 0;
  private readonly tailTicks: Float64Array;
  private readonly tailEnds: Float64Array;
  private readonly tailTotal: number;
  private readonly promotion: number;
  private readonly sleeps: boolean;
  private readonly radio: RadioSpec;
  private readonly fromTick: number;
  private readonly toTick: number;

  constructor(radio: RadioSpec, fromTick: number, toTick: number) {
    this.radio = radio;
    this.fromTick = fromTick;
    this.toTick = toTick;
    this.tailTicks = new Float64Array(radio.tail.length);
    this.tailEnds = new Float64Array(radio.tail.length);
    let end = 0;
    for (const [stage, { ms }] of radio.tail.entries()) {
      end += Math.round(ms * 1000);
      this.tailEnds[stage] = end;
    }
    this.tailTotal = end;
    this.promotion = Math.round(radio.promotion.ms * 1000);
    this.sleeps = end > 0 || this.promotion > 0;
  }

  /** The `lastActive` of a radio that has been idle since the run began. */
  get idleSinceStart(): number {
    return -this.tailTotal;
  }

  /** Whether a radio last active at `lastActive` sleeps at `tick`. */
  isIdle(lastActive: number, tick: number): boolean {
    return this.sleeps && tick - lastActive > this.tailTotal;
  }

  /** Accounts for the time since the last activity; returns when the radio can send, promotion included. */
  ready(lastActive: number, tick: number): number {
    if (tick <= lastActive) return tick;
    this.rest(lastActive, tick);
    if (!this.isIdle(lastActive, tick)) return tick;
    const ready = tick + this.promotion;
    this.promotionTicks += this.counted(tick, ready);
    if (this.counts(tick)) this.wakeUps += 1;
    return ready;
  }

  /** Accounts for a transfer from `start` to `end`; returns the new `lastActive`. Time already active is not counted twice. */
  transfer(lastActive: number, start: number, end: number, bytesUp: number, bytesDown: number): number {
    if (this.counts(start)) {
      this.megabitsUp += (bytesUp * 8) / 1e6;
      this.megabitsDown += (bytesDown * 8) / 1e6;
    }
    if (end <= lastActive) return lastActive;
    this.activeTicks += this.counted(start > lastActive ? start : lastActive, end);
    return end;
  }

  /** Accounts for a radio that does nothing more from `lastActive` to `tick`. */
  rest(lastActive: number, tick: number): void {
    const { tailEnds } = this;
    let from = lastActive;
    for (let stage = 0; stage < tailEnds.length; stage += 1) {
      const stageEnd = lastActive + (tailEnds[stage] ?? 0);
      const to = stageEnd < tick ? stageEnd : tick;
      this.tailTicks[stage] = (this.tailTicks[stage] ?? 0) + this.counted(from, to);
      from = to;
      if (to === tick) return;
    }
    this.idleTicks += this.counted(from, tick);
  }

  /** All the time accounted for, over every state: devices times window once each has been rested to its end. */
  get countedTicks(): number {
    const tail = this.tailTicks.reduce((sum, ticks) => sum + ticks, 0);
    return this.promotionTicks + this.activeTicks + tail + this.idleTicks;
  }

  /** Joules above the idle floor by cause, and the floor itself over all the time counted. */
  energyJ(): Record<EnergyCause, number> {
    const { radio } = this;
    const floor = radio.idleWatts;
    const joules = (ticks: number, watts: number) => (ticks / 1e6) * (watts - floor);
    return {
      promotion: joules(this.promotionTicks, radio.promotion.watts),
      active:
        joules(this.activeTicks, radio.active.watts) +
        this.megabitsUp * radio.active.wattsPerMbpsUp +
        this.megabitsDown * radio.active.wattsPerMbpsDown,
      tail: radio.tail.reduce((sum, { watts }, stage) => sum + joules(this.tailTicks[stage] ?? 0, watts), 0),
      idle: (this.countedTicks / 1e6) * floor,
    };
  }

  private counts(tick: number): boolean {
    return tick >= this.fromTick && tick < this.toTick;
  }

  private counted(from: number, to: number): number {
    if (from >= this.fromTick && to <= this.toTick) return to - from;
    const start = from > this.fromTick ? from : this.fromTick;
    const end = to < this.toTick ? to : this.toTick;
    return end > start ? end - start : 0;
  }
}
