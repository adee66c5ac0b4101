import { quantileOf } from '../kernel/index.ts';
import type { DeviceGroup, RunSpec } from '../spec.ts';

const delays = 256;
const places = 512;

/**
 * Messages about one collection that come to a device beside the one which a change opens a window for: delays are drawn,
 * so one that left earlier may still be under way, and one that leaves later may overtake. Times are ms since that change.
 *
 * Messages leave as a renewal process, after Exp(L) without one pending and a window `w`: looking back from the opening of a
 * window their rate is L e^(-L s) for s < w, looking ahead from its end it is 0 for as long, and beyond both L / (1 + L w).
 * Without a window that is a Poisson process, and so are the arrivals, whatever the delays.
 */
export class OtherMessages {
  private readonly endMs: number;
  /** How many came by the places of an even walk through the square roots of time. */
  private readonly counts: Float64Array;

  /** `earlier`: whether some may have left before the window opened. */
  constructor(spec: RunSpec, group: DeviceGroup, changesPerMs: number, windowMs: number, earlier = true) {
    const { delayMs } = group.pushService ?? spec.pushService;
    const drawn = Array.from({ length: delays }, (_, step) => quantileOf(delayMs, (step + 0.5) / delays));
    const steadyPerMs = changesPerMs / (1 + changesPerMs * windowMs);
    const before = (ms: number): number => {
      if (!earlier) return 0;
      const lately = -Math.expm1(-changesPerMs * Math.min(ms, windowMs));
      return lately + steadyPerMs * Math.max(0, ms - windowMs);
    };
    const after = (ms: number): number => steadyPerMs * Math.max(0, ms - windowMs);
    this.endMs = windowMs + (drawn.at(-1) ?? 0) + 1;
    this.counts = Float64Array.from({ length: places + 1 }, (_, place) => {
      const ms = this.endMs * (place / places) ** 2;
      const sum = drawn.reduce(
        (count, delay) =>
          count + before(delay) - before(Math.max(0, delay - ms)) + after(Math.max(0, ms - windowMs - delay)),
        0,
      );
      return sum / delays;
    });
  }

  /** How many come from `fromMs` to `toMs` on average. */
  between(fromMs: number, toMs: number): number {
    return this.by(toMs) - this.by(fromMs);
  }

  private by(ms: number): number {
    const place = places * Math.sqrt(Math.min(1, ms / this.endMs));
    const low = Math.min(places - 1, Math.floor(place));
    const count = this.counts[low] ?? 0;
    return count + ((this.counts[low + 1] ?? 0) - count) * (place - low);
  }
}

/**
 * How long after `fromMs` the first comes of such messages and of what else comes with the rate `elsePerMs`, for the draw
 * `uniform`; `Infinity` when that is not within `mostMs`.
 */
export function firstAfter(
  others: OtherMessages,
  elsePerMs: number,
  fromMs: number,
  mostMs: number,
  uniform: number,
): number {
  const wanted = -Math.log1p(-uniform);
  const count = (ms: number) => elsePerMs * ms + others.between(fromMs, fromMs + ms);
  if (count(mostMs) <= wanted) return Infinity;
  let low = 0;
  let high = mostMs;
  while (high - low > 1e-4 * mostMs) {
    const middle = (low + high) / 2;
    if (count(middle) > wanted) high = middle;
    else low = middle;
  }
  return high;
}

const steps = 1024;
const drawOf = (step: number, stride: number): number => ((step + 0.5) * stride) % 1;

/** How likely other messages about the collection have brought all that a message announces before it comes. */
export function shareOvertaken(
  spec: RunSpec,
  group: DeviceGroup,
  changesPerMs: number,
  windowMs: number,
): number {
  if (changesPerMs === 0) return 0;
  const { delayMs } = group.pushService ?? spec.pushService;
  const others = new OtherMessages(spec, group, changesPerMs, windowMs);
  let sum = 0;
  for (let step = 0; step < steps; step += 1) {
    // The last change of the window is as far from its end as changes are from each other, or is the one that opened it.
    const lastMs = windowMs + Math.max(-windowMs, Math.log(drawOf(step, Math.sqrt(17))) / changesPerMs);
    const arrivalMs = windowMs + quantileOf(delayMs, drawOf(step, Math.SQRT2));
    sum -= Math.expm1(-others.between(lastMs, arrivalMs));
  }
  return sum / steps;
}
