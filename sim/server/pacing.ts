import type { PacingSpec } from '../spec.ts';

/** The interval for a load, ms. */
export function paceAt({ steps, smooth }: Pick<PacingSpec, 'steps' | 'smooth'>, load: number): number {
  let reached = 0;
  while (reached + 1 < steps.length && (steps[reached + 1]?.load ?? Infinity) <= load) reached += 1;
  const step = steps[reached];
  if (step === undefined) throw new RangeError('pacing needs at least one step');
  const next = steps[reached + 1];
  if (!smooth || next === undefined || load <= step.load) return step.intervalMs;
  const share = (load - step.load) / (next.load - step.load);
  return step.intervalMs + (next.intervalMs - step.intervalMs) * share;
}

/** Measures the load of a server span by span, and says what interval it announces. Times are ticks (microseconds). */
export class Pacing {
  private readonly spec: PacingSpec;
  private readonly spanTicks: number;
  private readonly capacity: number;
  private span = 0;
  private work = 0;
  private interval: number;

  constructor(spec: PacingSpec, workers: number) {
    this.spec = spec;
    this.spanTicks = Math.max(1, Math.round(spec.overMs * 1000));
    this.capacity = this.spanTicks * workers;
    this.interval = paceAt(spec, 0);
  }

  /** Work that came in at `tick`, whether it was taken or not. Ticks do not go back. */
  note(tick: number, work: number): void {
    const span = Math.floor(tick / this.spanTicks);
    if (span !== this.span) {
      const load = span === this.span + 1 ? this.work / this.capacity : 0;
      this.interval = paceAt(this.spec, load);
      this.span = span;
      this.work = 0;
    }
    this.work += work;
  }

  /** Announced with an answer, in ms. */
  get intervalMs(): number {
    return this.interval;
  }
}
