import type { EnergyCause } from '../metrics/index.ts';
import type { RadioSpec } from '../spec.ts';
import { countedPart, isCounted, type CountedWindow } from '../window.ts';
import { radioEnergyJ } from './radio-energy.ts';
import { tailShape, type TailShape } from './tail-shape.ts';
import { smallPaths, type SmallPath } from './small-path.ts';

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
  private bytesUp = 0;
  private bytesDown = 0;
  /** Tails that ran to their end; the stages of others are in `tailTicks`. */
  private fullTails = 0;
  private firstTailTicks = 0;
  private readonly tailTicks: Float64Array;
  private readonly tailEnds: Float64Array;
  /** Length of the first stage of the tail. */
  readonly firstTail: number;
  /** How long a radio stays awake after its last activity; `Infinity` for one that never sleeps. */
  readonly awakeTicks: number;
  readonly promotionTicksEach: number;
  /** How long the whole tail takes. */
  readonly tailTotal: number;
  /** When the transfer that `carried` took last could begin. */
  carriedFrom = 0;
  readonly shape: TailShape;
  private readonly stagePromotionTicks: Float64Array;
  private readonly small: readonly (SmallPath | undefined)[];
  private readonly smallPromotionTicks: Float64Array;
  private readonly radio: RadioSpec;
  private readonly window: CountedWindow;

  /** The end of the window may be moved to a time before which all that is accounted for is over. */
  constructor(radio: RadioSpec, window: CountedWindow) {
    this.radio = radio;
    this.window = window;
    const shape = tailShape(radio);
    this.tailEnds = shape.ends;
    this.tailTotal = shape.total;
    this.firstTail = shape.ends[0] ?? 0;
    this.awakeTicks = shape.awakeTicks;
    this.promotionTicksEach = shape.promotionTicks;
    this.shape = shape;
    this.tailTicks = new Float64Array(radio.tail.length);
    this.stagePromotionTicks = new Float64Array(radio.tail.length);
    this.small = smallPaths(radio);
    this.smallPromotionTicks = new Float64Array(this.small.length);
  }

  /** The `lastActive` of a radio that has been idle since the run began. */
  get idleSinceStart(): number {
    return -this.tailTotal;
  }

  /** Whether a radio last active at `lastActive` sleeps at `tick`. */
  isIdle(lastActive: number, tick: number): boolean {
    return tick - lastActive > this.awakeTicks;
  }

  /** What a transfer costs in time before it can begin, `resting` ticks after the last activity. */
  promotionAfter(resting: number): number {
    if (resting > this.awakeTicks) return this.promotionTicksEach;
    if (!this.shape.staged || resting <= this.firstTail) return 0;
    return this.shape.stagePromotions[this.stageAfter(resting)] ?? 0;
  }

  /**
   * Whether a transfer this small, `resting` ticks after the last activity, passes without making the radio active.
   * Accounts for it and returns what counts as the last activity then, which begins the timer of the stage that it
   * passes in anew unless the stage leaves it alone; `NaN` when it does not pass.
   */
  carried(lastActive: number, tick: number, bytesUp: number, bytesDown: number): number {
    const resting = tick - lastActive;
    if (resting <= 0) return NaN;
    const found = resting > this.tailTotal ? this.small.length - 1 : this.stageAfter(resting);
    const small = this.small[found];
    if (small === undefined || bytesUp > small.bytesUp || bytesDown > small.bytesDown) return NaN;
    this.carriedFrom = tick + small.promotionTicks;
    // The timer runs on, and with it the rest that will be accounted for.
    if (!small.restarts) return lastActive;
    this.restInStages(lastActive, tick);
    this.promoteSmall(found, tick);
    const since = this.carriedFrom - (this.tailEnds[small.stage - 1] ?? 0);
    // The next rest is counted from `since` and would count the earlier stages again.
    for (let earlier = 0; earlier < small.stage; earlier += 1) {
      const from = since + (this.tailEnds[earlier - 1] ?? 0);
      const again = countedPart(this.window, from, since + (this.tailEnds[earlier] ?? 0));
      this.tailTicks[earlier] = (this.tailTicks[earlier] ?? 0) - again;
    }
    return since;
  }

  private promoteSmall(found: number, tick: number): void {
    const ticks = countedPart(this.window, tick, this.carriedFrom);
    this.smallPromotionTicks[found] = (this.smallPromotionTicks[found] ?? 0) + ticks;
    if (found === this.tailEnds.length && isCounted(this.window, tick)) this.wakeUps += 1;
  }

  /** Accounts for the time since the last activity; returns when the radio can send, promotion included. */
  ready(lastActive: number, tick: number): number {
    if (tick <= lastActive) return tick;
    this.rest(lastActive, tick);
    const resting = tick - lastActive;
    const promotion = this.promotionAfter(resting);
    if (resting > this.awakeTicks) this.promote(tick, tick + promotion);
    else if (promotion > 0) this.promoteFrom(this.stageAfter(resting), tick, tick + promotion);
    return tick + promotion;
  }

  /** Accounts for a transfer from `start` to `end`; returns the new `lastActive`. Time already active is not counted twice. */
  transfer(lastActive: number, start: number, end: number, bytesUp: number, bytesDown: number): number {
    if (isCounted(this.window, start)) {
      this.bytesUp += bytesUp;
      this.bytesDown += bytesDown;
    }
    if (end <= lastActive) return lastActive;
    this.activeTicks += countedPart(this.window, start > lastActive ? start : lastActive, end);
    return end;
  }

  /**
   * Accounts for a whole exchange after a rest since `lastActive`: at `start` the device wakes the radio, at `ready`
   * it can send, for `connecting` ticks it opens a connection, from `sent` to `uploaded` it sends, from `back` to
   * `end` it receives, having been woken again at `woken` if it had fallen asleep.
   */
  exchange(
    lastActive: number,
    start: number,
    ready: number,
    connecting: number,
    sent: number,
    uploaded: number,
    back: number,
    woken: number,
    end: number,
  ): void {
    this.rest(lastActive, start);
    if (start - lastActive > this.awakeTicks) this.promote(start, ready);
    else if (ready > start) this.promoteFrom(this.stageAfter(start - lastActive), start, ready);
    const connected = ready + connecting;
    if (ready >= this.window.from && end <= this.window.to) {
      this.activeTicks += connecting + (uploaded - sent) + (end - woken);
    } else {
      this.activeTicks +=
        countedPart(this.window, ready, connected) +
        countedPart(this.window, sent, uploaded) +
        countedPart(this.window, woken, end);
    }
    this.linger(connected, sent);
    this.rest(uploaded, back);
    if (back - uploaded > this.awakeTicks) this.promote(back, woken);
    else if (woken > back) this.promoteFrom(this.stageAfter(back - uploaded), back, woken);
  }

  /** The stage of the tail that a radio is in, `resting` ticks after its last activity. */
  private stageAfter(resting: number): number {
    let stage = 0;
    while (stage < this.tailEnds.length - 1 && resting > (this.tailEnds[stage] ?? 0)) stage += 1;
    return stage;
  }

  /** A promotion that did not begin in idle: it wakes nothing, but costs what its stage says. */
  private promoteFrom(stage: number, from: number, to: number): void {
    this.stagePromotionTicks[stage] =
      (this.stagePromotionTicks[stage] ?? 0) + countedPart(this.window, from, to);
  }

  private promote(from: number, to: number): void {
    this.promotionTicks += countedPart(this.window, from, to);
    if (isCounted(this.window, from)) this.wakeUps += 1;
  }

  /**
   * Accounts for exchanges whose waiting stays within the first stage of the tail, all inside the window: how often the
   * radio was woken for one, and how long they took together.
   */
  brief(promotions: number, active: number, waiting: number): void {
    this.promotionTicks += this.promotionTicksEach * promotions;
    this.wakeUps += promotions;
    this.activeTicks += active;
    this.firstTailTicks += waiting;
  }

  /** Accounts for `times` rests of `resting` ticks, each followed by an exchange as `brief` takes it; all inside the window. */
  repeat(times: number, resting: number, promoted: boolean, active: number, waiting: number): void {
    if (times > 0 && resting >= this.tailTotal) {
      this.restFully(times, resting * times);
    } else {
      let from = 0;
      for (let stage = 0; stage < this.tailEnds.length; stage += 1) {
        const to = Math.min(resting, this.tailEnds[stage] ?? 0);
        this.tailTicks[stage] = (this.tailTicks[stage] ?? 0) + Math.max(0, to - from) * times;
        from = to;
      }
    }
    this.brief(promoted ? times : 0, active * times, waiting * times);
  }

  /** Accounts for waiting from `from` to `to` in the first stage of the tail, however long. */
  linger(from: number, to: number): void {
    if (this.firstTail > 0) this.firstTailTicks += countedPart(this.window, from, to);
    else this.idleTicks += countedPart(this.window, from, to);
  }

  /** Notes bytes of an exchange that began at `tick`, for the share of energy that grows with throughput. */
  carry(tick: number, bytesUp: number, bytesDown: number): void {
    if (!isCounted(this.window, tick)) return;
    this.bytesUp += bytesUp;
    this.bytesDown += bytesDown;
  }

  /** Accounts for a radio that does nothing more from `lastActive` to `tick`. */
  rest(lastActive: number, tick: number): void {
    const length = tick - lastActive;
    if (lastActive < this.window.from || tick > this.window.to) {
      this.restInStages(lastActive, tick);
    } else if (length >= this.tailTotal) {
      this.restFully(1, length);
    } else if (length <= this.firstTail) {
      this.firstTailTicks += length;
    } else {
      this.restInStages(lastActive, tick);
    }
  }

  /** Accounts for rests of `ticks` together, all of them counted, that outlast the tail. */
  restFully(times: number, ticks: number): void {
    this.fullTails += times;
    this.idleTicks += ticks - this.tailTotal * times;
  }

  private restInStages(lastActive: number, tick: number): void {
    const { tailEnds } = this;
    let from = lastActive;
    for (let stage = 0; stage < tailEnds.length; stage += 1) {
      const stageEnd = lastActive + (tailEnds[stage] ?? 0);
      const to = stageEnd < tick ? stageEnd : tick;
      this.tailTicks[stage] = (this.tailTicks[stage] ?? 0) + countedPart(this.window, from, to);
      from = to;
      if (to === tick) return;
    }
    this.idleTicks += countedPart(this.window, from, tick);
  }

  /** All the time accounted for, over every state: devices times window once each has been rested to its end. */
  get countedTicks(): number {
    const tail = this.tailTicks.reduce(
      (sum, _, stage) => sum + this.ticksInStage(stage) + (this.stagePromotionTicks[stage] ?? 0),
      0,
    );
    const small = this.smallPromotionTicks.reduce((sum, ticks) => sum + ticks, 0);
    return this.promotionTicks + small + this.activeTicks + tail + this.idleTicks;
  }

  /** Joules above the idle floor by cause, and the floor itself over all the time counted. */
  energyJ(): Record<EnergyCause, number> {
    const stages = this.radio.tail.map((_, stage) => ({
      ticks: this.ticksInStage(stage),
      promotionTicks: this.stagePromotionTicks[stage] ?? 0,
    }));
    const { promotionTicks, smallPromotionTicks, activeTicks, bytesUp, bytesDown, countedTicks } = this;
    return radioEnergyJ(this.radio, {
      promotionTicks,
      smallPromotionTicks,
      activeTicks,
      stages,
      bytesUp,
      bytesDown,
      countedTicks,
    });
  }

  /** How long radios transferred. */
  get transferTicks(): number {
    return this.activeTicks;
  }

  private ticksInStage(stage: number): number {
    const each = (this.tailEnds[stage] ?? 0) - (this.tailEnds[stage - 1] ?? 0);
    const first = stage === 0 ? this.firstTailTicks : 0;
    return (this.tailTicks[stage] ?? 0) + this.fullTails * each + first;
  }
}
