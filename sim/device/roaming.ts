import type { RoamingSpec } from '../spec.ts';
import { DailySpan } from './daily-span.ts';

/** When devices are on their second network. A function of (device, local time) alone; ticks on the user's clock. */
export class Roaming {
  private readonly spans: readonly DailySpan[];

  constructor({ hours }: RoamingSpec, key: number) {
    this.spans = hours.map((span, place) => new DailySpan(span, key, place));
  }

  onSecond(device: number, tick: number): boolean {
    return this.spans.some((span) => span.holds(device, tick));
  }

  /** The next instant after `tick` at which one of the hours begins or ends. */
  nextChange(device: number, tick: number): number {
    return Math.min(...this.spans.map((span) => span.edgeAfter(device, tick)));
  }
}
