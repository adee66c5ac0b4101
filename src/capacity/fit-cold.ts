import type { ColdSpec } from '../../sim/index.ts';
import { fitPair } from './fit-pair.ts';

/** Processor time of one request, measured while requests came at random at a rate. */
export interface RatePoint {
  readonly perMs: number;
  readonly costMs: number;
  /** How many requests a contact made one after the other; 1 by default. */
  readonly inContact?: number;
}

/** Cost of a request as base plus what idle time before it adds: most·(1 − exp(−idle / time)), a share of which the next one pays again. */
export interface ColdFit {
  readonly baseMs: number;
  readonly mostMs: number;
  readonly timeMs: number;
  readonly kept: number;
}

/** Time constants that are tried, ms: evenly by their logarithms. */
const timesMs = Array.from({ length: 60 }, (_, step) => 0.1 * 1000 ** (step / 59));
/** Points of a curve, in time constants. */
const pauses = [0.05, 0.1, 0.2, 0.4, 0.7, 1, 1.5, 2, 3, 5];

/** Shares that are tried. */
const shares = Array.from({ length: 19 }, (_, step) => step / 20);

/**
 * Fits the cost by idle time to costs by rate. Contacts that come as a Poisson process of rate λ find a worker idle
 * with the share 1 − ρ and then have waited for an exponential time: with h = 1 / (1 + λ·time) of a full idle time. A
 * share `kept` of what was paid last is paid again, so the only request of a contact pays h / (1 − kept·(1 − h)) of the
 * most on average. One that follows within its contact comes while the worker is still at what beginning again takes, and
 * pays for what is kept alone. Least squares of relative errors; base and most are linear for each time and share tried.
 */
export function fitCold(points: readonly RatePoint[]): ColdFit {
  // What does not show in contacts of several requests is none.
  const tried = points.some(({ inContact = 1 }) => inContact > 1) ? shares : [0];
  const fits = tried.flatMap((kept) =>
    timesMs.map((timeMs) => ({ timeMs, kept, ...linear(points, timeMs, kept) })),
  );
  const best = fits.reduce((least, fit) => (fit.error < least.error ? fit : least));
  return { baseMs: best.baseMs, mostMs: best.mostMs, timeMs: best.timeMs, kept: best.kept };
}

/** Points of the curve most·(1 − exp(−idle / time)), as profiles have them. */
export const coldPoints = ({ mostMs, timeMs }: Pick<ColdFit, 'mostMs' | 'timeMs'>): ColdSpec[] =>
  pauses.map((pause) => ({
    idleMs: round(pause * timeMs),
    costMs: round(mostMs * (1 - Math.exp(-pause))),
  }));

const round = (value: number): number => Math.round(value * 1000) / 1000;

function linear(points: readonly RatePoint[], timeMs: number, kept: number) {
  // Each row is divided by its cost, so that all errors are relative.
  const rows = points.map((point) => {
    const idle = Math.max(0, 1 - point.perMs * point.costMs);
    return { a: 1 / point.costMs, b: (idle * coldShare(point, timeMs, kept)) / point.costMs, sum: 1 };
  });
  const { x: baseMs, y: mostMs } = fitPair(rows);
  const error = rows.reduce((total, { a, b, sum }) => total + (baseMs * a + mostMs * b - sum) ** 2, 0);
  return { baseMs, mostMs, error: Number.isFinite(error) ? error : Infinity };
}

/** The share of the most that a request pays on average. */
function coldShare({ perMs, inContact = 1 }: RatePoint, timeMs: number, kept: number): number {
  const whole = 1 / (1 + (perMs / inContact) * timeMs);
  const first = whole / (1 - (1 - whole) * kept ** inContact);
  return (first * (1 - kept ** inContact)) / (1 - kept) / inContact;
}
