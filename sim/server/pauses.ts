import type { MajorGcSpec } from '../spec.ts';
import { isCounted, type CountedWindow } from '../window.ts';

/** How a worker stands still at times while others collect its heap. Times are ticks. */
export class Pauses {
  /** In the window so far. */
  count = 0;
  private readonly every: number;
  private readonly pause: number;
  private readonly window: CountedWindow;
  private worked: number;

  /** `phase`: what share of the work between two is done when the run begins. */
  constructor({ everyMs, pauseMs }: MajorGcSpec, window: CountedWindow, phase: number) {
    this.every = everyMs * 1000;
    this.worked = phase * this.every;
    this.pause = Math.round(pauseMs * 1000);
    this.window = window;
  }

  /** How long a worker stands still that takes a job of so much work at `tick`. */
  take(tick: number, work: number): number {
    this.worked += work;
    if (this.worked < this.every) return 0;
    const pauses = Math.floor(this.worked / this.every);
    this.worked -= pauses * this.every;
    if (isCounted(this.window, tick)) this.count += pauses;
    return pauses * this.pause;
  }
}
