import type { ColdSpec } from '../spec.ts';

/** What idle time adds to a cost: measured points joined by lines, from nothing after no time to the last point's ever after. */
export class ColdCurve {
  /** After any time. */
  readonly most: number;
  private readonly idle: readonly number[];
  private readonly cost: readonly number[];

  constructor(points: readonly ColdSpec[]) {
    this.idle = [0, ...points.map(({ idleMs }) => idleMs * 1000)];
    this.cost = [0, ...points.map(({ costMs }) => costMs * 1000)];
    this.most = this.cost[this.cost.length - 1] ?? 0;
  }

  /** In ticks, after so many. */
  after(idle: number): number {
    const next = this.idle.findIndex((point) => point >= idle);
    if (next < 0) return this.most;
    if (next === 0) return 0;
    const [from = 0, to = 0] = [this.idle[next - 1], this.idle[next]];
    const [low = 0, high = 0] = [this.cost[next - 1], this.cost[next]];
    return low + ((high - low) * (idle - from)) / (to - from);
  }
}
