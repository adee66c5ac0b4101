import type { FailureRecord } from '../metrics/index.ts';
import { isCounted, type CountedWindow } from '../window.ts';

export const failureKinds = ['refused', 'unreachable', 'broken', 'timedOut'] as const;
export type FailureKind = (typeof failureKinds)[number];

/** Counts requests without an answer, by when they reached the server, and what came of them. */
export class Failures {
  private readonly window: CountedWindow;
  private readonly counts = { refused: 0, unreachable: 0, broken: 0, timedOut: 0 };
  private readonly perBin: number[];
  private readonly binTicks: number;
  private retried = 0;
  private abandoned = 0;
  private reconnects = 0;

  /** `bins` of `binMs` cover the counted time. */
  constructor(window: CountedWindow, binMs: number, bins: number) {
    this.window = window;
    this.binTicks = binMs * 1000;
    this.perBin = Array.from({ length: bins }, () => 0);
  }

  /** A request that reached the server, or the place where it was, at `tick` has no answer. */
  note(kind: FailureKind, tick: number): void {
    if (!isCounted(this.window, tick)) return;
    this.counts[kind] += 1;
    const bin = Math.floor((tick - this.window.from) / this.binTicks);
    this.perBin[bin] = (this.perBin[bin] ?? 0) + 1;
  }

  /** The request that failed at `tick` is tried again, or given up with its contact. */
  settle(tick: number, retried: boolean): void {
    if (!isCounted(this.window, tick)) return;
    if (retried) this.retried += 1;
    else this.abandoned += 1;
  }

  reconnected(tick: number): void {
    if (isCounted(this.window, tick)) this.reconnects += 1;
  }

  /** @throws RangeError when a failure had no consequence: a defect of the model */
  record(): FailureRecord {
    const { counts, retried, abandoned, reconnects } = this;
    const failed = counts.refused + counts.unreachable + counts.broken + counts.timedOut;
    if (failed !== retried + abandoned) {
      throw new RangeError(
        `failures do not balance: ${failed} failed, ${retried} retried, ${abandoned} abandoned`,
      );
    }
    const bins = Math.ceil((this.window.to - this.window.from) / this.binTicks);
    return { ...counts, retried, abandoned, reconnects, series: this.perBin.slice(0, bins) };
  }
}
