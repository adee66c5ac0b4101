import type { ColdSpec } from '../spec.ts';
import { isCounted, type CountedWindow } from '../window.ts';
import { ColdCurve } from './cold-curve.ts';

/**
 * What it costs a worker to begin again after it had nothing to do: its caches are cold, its processor slept. A share of
 * what one job paid is kept for the next. The time is spent, and keeps the worker, but does not delay the answer. Times
 * are ticks.
 */
export class ColdStart {
  /** Spent in the window so far. */
  spent = 0;
  private readonly curve: ColdCurve;
  private readonly window: CountedWindow;
  private readonly keptShare: number;
  private readonly shares: Float64Array;
  private kept = 0;

  /** `shares`: what of it each kind of job pays; other jobs pay all. */
  constructor(
    points: readonly ColdSpec[],
    window: CountedWindow,
    keptShare = 0,
    shares: Float64Array = new Float64Array(0),
  ) {
    this.curve = new ColdCurve(points);
    this.keptShare = keptShare;
    this.shares = shares;
    this.window = window;
  }

  /** What a job of a kind pays that comes at `tick` to a worker that was idle for `idle`. */
  take(tick: number, idle: number, kind: number): number {
    const { most } = this.curve;
    const share = most === 0 ? 0 : this.curve.after(idle) / most;
    const whole = this.kept + (most - this.kept) * share;
    this.kept = Math.round(whole) * this.keptShare;
    const cost = Math.round(whole * (this.shares[kind] ?? 1));
    if (isCounted(this.window, tick)) this.spent += cost;
    return cost;
  }
}
