import type { ColdSpec } from '../spec.ts';

/**
 * What it costs a worker to begin again after it had nothing to do: its caches are cold, its processor slept. Measured
 * points joined by lines, from nothing after no time to the last point's cost ever after. A share of what one job paid is
 * kept for the next. The time is spent, and keeps the worker, but does not delay the answer. Times are ticks.
 */
export class ColdStart {
  /** Spent in the window so far. */
  spent = 0;
  private readonly idle: readonly number[];
  private readonly cost: readonly number[];
  private readonly window: { readonly from: number; readonly to: number };
  private readonly keptShare: number;
  private kept = 0;

  constructor(
    points: readonly ColdSpec[],
    window: { readonly from: number; readonly to: number },
    keptShare = 0,
  ) {
    this.keptShare = keptShare;
    this.idle = [0, ...points.map(({ idleMs }) => idleMs * 1000)];
    this.cost = [0, ...points.map(({ costMs }) => costMs * 1000)];
    this.window = window;
  }

  /** What a job pays that comes at `tick` to a worker that was idle for `idle`. */
  take(tick: number, idle: number): number {
    const most = this.cost[this.cost.length - 1] ?? 0;
    const share = most === 0 ? 0 : this.after(idle) / most;
    const cost = Math.round(this.kept + (most - this.kept) * share);
    this.kept = cost * this.keptShare;
    if (tick >= this.window.from && tick < this.window.to) this.spent += cost;
    return cost;
  }

  private after(idle: number): number {
    const next = this.idle.findIndex((point) => point >= idle);
    if (next < 0) return this.cost[this.cost.length - 1] ?? 0;
    if (next === 0) return 0;
    const [from = 0, to = 0] = [this.idle[next - 1], this.idle[next]];
    const [low = 0, high = 0] = [this.cost[next - 1], this.cost[next]];
    return low + ((high - low) * (idle - from)) / (to - from);
  }
}
