import type { ColdSpec } from '../../sim/index.ts';
import { fitPair } from './fit-pair.ts';

/** Processor time of one request, measured while requests came at random at a rate. */
export interface RatePoint {
  readonly perMs: number;
  readonly costMs: number;
  /** How many requests a contact made one after the other; 1 by default. */
  readonly inContact?: number;
}

/** What idle time adds at most, and how soon: most·(1 − exp(−idle / time)). */
export interface ColdTerm {
  readonly mostMs: number;
  readonly timeMs: number;
}

/** Cost of a request as base plus what idle time before it adds, the sum of the terms, a share of which the next one pays again. */
export interface ColdFit {
  readonly baseMs: number;
  readonly terms: readonly ColdTerm[];
  readonly kept: number;
}

/** Time constants that are tried, ms: evenly by their logarithms. */
const timesMs = Array.from({ length: 24 }, (_, step) => 0.1 * 1000 ** (step / 23));
/** The least ratio of two. */
const apart = 3;
/** Shares of the slower one that are tried. */
const slowShares = Array.from({ length: 9 }, (_, step) => (step + 1) / 10);
/** Points of a curve, in time constants. */
const pauses = [0.05, 0.1, 0.2, 0.4, 0.7, 1, 1.5, 2, 3, 5];

/** Shares that are tried. */
const shares = Array.from({ length: 19 }, (_, step) => step / 20);

/** A curve whose sum is 1. */
type Shape = readonly { readonly share: number; readonly timeMs: number }[];

/**
 * One time constant, or two: a server that is never idle for a ms takes several requests at a time from its sockets, and
 * one that is for tens of ms finds its caches cold.
 */
const shapes: readonly Shape[] = timesMs.flatMap((timeMs) => [
  [{ share: 1, timeMs }],
  ...timesMs
    .filter((slowMs) => slowMs >= apart * timeMs)
    .flatMap((slowMs) =>
      slowShares.map((slow) => [
        { share: 1 - slow, timeMs },
        { share: slow, timeMs: slowMs },
      ]),
    ),
]);

/**
 * Fits the cost by idle time to costs by rate. Contacts that come as a Poisson process of rate λ find a worker idle
 * with the share 1 − ρ and then have waited for an exponential time: with h = 1 / (1 + λ·time) of a full idle time. A
 * share `kept` of what was paid last is paid again, so the only request of a contact pays h / (1 − kept·(1 − h)) of the
 * most on average. One that follows within its contact comes while the worker is still at what beginning again takes, and
 * pays for what is kept alone. Least squares of relative errors; base and most are linear for each shape and share tried.
 */
export function fitCold(points: readonly RatePoint[]): ColdFit {
  // What does not show in contacts of several requests is none.
  const tried = points.some(({ inContact = 1 }) => inContact > 1) ? shares : [0];
  let best = { shape: shapes[0] ?? [], kept: 0, baseMs: 0, mostMs: 0, error: Infinity };
  for (const shape of shapes) {
    for (const kept of tried) {
      const fit = linear(points, shape, kept);
      if (fit.error < best.error) best = { shape, kept, ...fit };
    }
  }
  const { baseMs, mostMs, shape, kept } = best;
  return { baseMs, kept, terms: shape.map(({ share, timeMs }) => ({ mostMs: mostMs * share, timeMs })) };
}

/** The curve as profiles have it. */
export function coldPoints(terms: readonly ColdTerm[]): ColdSpec[] {
  const idlesMs = terms.flatMap(({ timeMs }) => pauses.map((pause) => round(pause * timeMs)));
  return [...new Set(idlesMs)]
    .toSorted((one, other) => one - other)
    .map((idleMs) => ({ idleMs, costMs: round(costAfter(terms, idleMs)) }));
}

const costAfter = (terms: readonly ColdTerm[], idleMs: number): number =>
  terms.reduce((sum, { mostMs, timeMs }) => sum + mostMs * (1 - Math.exp(-idleMs / timeMs)), 0);

const round = (value: number): number => Math.round(value * 1000) / 1000;

function linear(points: readonly RatePoint[], shape: Shape, kept: number) {
  // Each row is divided by its cost, so that all errors are relative.
  const rows = points.map((point) => {
    const idle = Math.max(0, 1 - point.perMs * point.costMs);
    return { a: 1 / point.costMs, b: (idle * coldShare(point, shape, kept)) / point.costMs, sum: 1 };
  });
  const { x: baseMs, y: mostMs } = fitPair(rows);
  const error = rows.reduce((total, { a, b, sum }) => total + (baseMs * a + mostMs * b - sum) ** 2, 0);
  return { baseMs, mostMs, error: Number.isFinite(error) ? error : Infinity };
}

/** The share of the most that a request pays on average. */
function coldShare({ perMs, inContact = 1 }: RatePoint, shape: Shape, kept: number): number {
  const contactsPerMs = perMs / inContact;
  const whole = shape.reduce((sum, { share, timeMs }) => sum + share / (1 + contactsPerMs * timeMs), 0);
  const first = whole / (1 - (1 - whole) * kept ** inContact);
  return (first * (1 - kept ** inContact)) / (1 - kept) / inContact;
}
