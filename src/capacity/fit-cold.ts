import type { ColdSpec } from '../../sim/index.ts';
import { fitPair } from './fit-pair.ts';

/** Processor time of one request, measured while requests came at random at a rate. */
export interface RatePoint {
  readonly perMs: number;
  readonly costMs: number;
  /** How many requests a contact made one after the other; 1 by default. */
  readonly inContact?: number;
  /** How far it counts; 1 by default. */
  readonly weight?: number | undefined;
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
  /** What of that each of those pays that follow each other as the requests of a contact do. */
  readonly followingMs: number;
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
 * Fits the cost by idle time to costs by rate. Contacts that come as a Poisson process of rate λ find a worker with nothing
 * to answer with the share 1 − λ·base, and then it has been so for an exponential time: with h = 1 / (1 + λ·time) of a full
 * idle time. A request that follows within its contact comes `gapMs` after the last answer. A share `kept` of what was paid
 * last is paid again where that was not long ago, so each request pays what a step from the one before makes of it. Least
 * squares of relative errors; base and most are linear for each shape and share tried.
 */
export function fitCold(points: readonly RatePoint[], gapMs: number): ColdFit {
  // What does not show in contacts of several requests is none.
  const tried = points.some(({ inContact = 1 }) => inContact > 1) ? shares : [0];
  // As the busiest pay for next to no idle time, what they cost is what an answer takes.
  const leastMs = Math.min(...points.map(({ costMs }) => costMs));
  const idles = points.map(({ perMs }) => Math.max(0, 1 - perMs * leastMs));
  const none: Step = { factor: 0, constant: 0 };
  let best = { shape: shapes[0] ?? [], kept: 0, within: none, baseMs: 0, mostMs: 0, error: Infinity };
  for (const shape of shapes) {
    const pauseShare = shareAfter(shape, gapMs);
    for (const kept of tried) {
      const within = stepAfter(pauseShare, kept);
      const paid = points.map((point, index) => (idles[index] ?? 0) * coldShare(point, shape, kept, within));
      const fit = linear(points, paid);
      if (fit.error < best.error) best = { shape, kept, within, ...fit };
    }
  }
  const { baseMs, mostMs, shape, kept, within } = best;
  const followingMs = (mostMs * within.constant) / (1 - within.factor);
  return {
    baseMs,
    kept,
    followingMs,
    terms: shape.map(({ share, timeMs }) => ({ mostMs: mostMs * share, timeMs })),
  };
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

/** Base and most, where each point pays a share of the most. */
function linear(points: readonly RatePoint[], paid: readonly number[]) {
  // Each row is divided by its cost, so that all errors are relative.
  const rows = points.map(({ costMs, weight }, index) => ({
    a: 1 / costMs,
    b: (paid[index] ?? 0) / costMs,
    sum: 1,
    weight,
  }));
  const { x: baseMs, y: mostMs, error } = fitPair(rows);
  return { baseMs, mostMs, error };
}

/** What a request pays on average of the most, if what the one before it paid is `factor` times that and `constant`. */
interface Step {
  readonly factor: number;
  readonly constant: number;
}

const stepAfter = (idleShare: number, kept: number): Step => ({
  factor: (1 - idleShare) * kept,
  constant: idleShare,
});

const shareAfter = (shape: Shape, idleMs: number): number =>
  shape.reduce((sum, { share, timeMs }) => sum + share * (1 - Math.exp(-idleMs / timeMs)), 0);

/** The share of the most that a request pays on average. */
function coldShare({ perMs, inContact = 1 }: RatePoint, shape: Shape, kept: number, within: Step): number {
  const contactsPerMs = perMs / inContact;
  const between = stepAfter(
    shape.reduce((sum, { share, timeMs }) => sum + share / (1 + contactsPerMs * timeMs), 0),
    kept,
  );
  // Each request of a contact as a step from the first one, which is a step from the last.
  let last: Step = { factor: 1, constant: 0 };
  let all = last;
  for (let request = 1; request < inContact; request += 1) {
    last = {
      factor: within.factor * last.factor,
      constant: within.factor * last.constant + within.constant,
    };
    all = { factor: all.factor + last.factor, constant: all.constant + last.constant };
  }
  const first = (between.constant + between.factor * last.constant) / (1 - between.factor * last.factor);
  return (all.factor * first + all.constant) / inContact;
}
