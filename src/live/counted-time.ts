import type { RunSpec } from '../../sim/index.ts';

/** The part of a run that its figures are about: after the warm-up, before the settling. */
export class CountedTime {
  readonly fromMs: number;
  readonly toMs: number;

  constructor(spec: Pick<RunSpec, 'warmUpMs' | 'durationMs'>) {
    this.fromMs = spec.warmUpMs;
    this.toMs = spec.warmUpMs + spec.durationMs;
  }

  includes(atMs: number): boolean {
    return atMs >= this.fromMs && atMs < this.toMs;
  }

  /** How much of the time between two instants is counted, ms. */
  part(startMs: number, endMs: number): number {
    return Math.max(0, Math.min(endMs, this.toMs) - Math.max(startMs, this.fromMs));
  }
}
