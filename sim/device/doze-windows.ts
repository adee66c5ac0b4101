import type { DozeLadder } from '../spec.ts';

/** The maintenance windows of one idle state, by the time since the device was left alone. Times are ticks (microseconds). */
export class DozeWindows {
  readonly after: number;
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  /** Spells and windows that have grown to their longest repeat with this period. */
  private readonly period: number;

  /** @throws RangeError for a ladder that never rises to its longest spell */
  constructor(ladder: DozeLadder) {
    this.after = ladder.afterMs * 1000;
    let [idleMs, windowMs, atMs] = [ladder.idleMs, ladder.windowMs, ladder.afterMs];
    for (;;) {
      this.starts.push((atMs + idleMs) * 1000);
      atMs += idleMs + windowMs;
      this.ends.push(atMs * 1000);
      const longer = Math.min(ladder.maxIdleMs, idleMs * ladder.idleFactor);
      const wider = Math.min(ladder.maxWindowMs, windowMs * ladder.windowFactor);
      if (longer === idleMs && wider === windowMs) break;
      if (this.starts.length > 1000) throw new RangeError('a doze ladder has at most 1000 rungs');
      [idleMs, windowMs] = [longer, wider];
    }
    this.period = (idleMs + windowMs) * 1000;
  }

  /** The first instant from `since` on, after the device was left alone, at which background work may run. */
  allowed(since: number): number {
    if (since < this.after) return since;
    const last = this.starts.length - 1;
    for (let rung = 0; rung < last; rung += 1) {
      if (since < (this.ends[rung] ?? 0)) return Math.max(since, this.starts[rung] ?? 0);
    }
    const turns = Math.max(0, Math.floor((since - (this.ends[last] ?? 0)) / this.period) + 1);
    return Math.max(since, (this.starts[last] ?? 0) + turns * this.period);
  }
}
