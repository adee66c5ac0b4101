import type { RestartSpec } from '../spec.ts';

/** When a server is away, from its restarts. Times are ticks (microseconds). */
export class Availability {
  private readonly from: readonly number[];
  private readonly to: readonly number[];

  /** @throws RangeError when restarts overlap or are not in order */
  constructor(restarts: readonly RestartSpec[]) {
    this.from = restarts.map(({ atMs }) => Math.round(atMs * 1000));
    this.to = restarts.map(({ atMs, downMs }) => Math.round((atMs + downMs) * 1000));
    if (this.from.some((from, index) => from < (this.to[index - 1] ?? 0)))
      throw new RangeError('restarts of a server must follow each other in order');
  }

  /** The first instant from `tick` on at which the server is there. */
  upAt(tick: number): number {
    const last = this.indexAt(tick);
    return Math.max(tick, this.to[last] ?? tick);
  }

  isDown(tick: number): boolean {
    return this.upAt(tick) > tick;
  }

  /** When connections broke last, up to `tick`; `-Infinity` for never. */
  lastBreak(tick: number): number {
    return this.from[this.indexAt(tick)] ?? -Infinity;
  }

  /** When connections break next, after `tick`; `Infinity` for never. */
  nextBreak(tick: number): number {
    return this.from[this.indexAt(tick) + 1] ?? Infinity;
  }

  private indexAt(tick: number): number {
    let last = this.from.length - 1;
    while (last >= 0 && (this.from[last] ?? 0) > tick) last -= 1;
    return last;
  }
}
