import type { ColdSpec } from '../spec.ts';
import { ColdCurve } from './cold-curve.ts';

/** What jobs of one kind cost more, by how long ago the last of them came. Times are ticks. */
export class ColdKind {
  private readonly curve: ColdCurve;
  private last = -Infinity;

  constructor(points: readonly ColdSpec[]) {
    this.curve = new ColdCurve(points);
  }

  /** What one pays that comes at `tick`. */
  take(tick: number): number {
    const cost = this.curve.after(tick - this.last);
    this.last = tick;
    return cost;
  }
}
