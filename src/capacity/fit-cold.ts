import type { ColdSpec } from '../../sim/index.ts';
import { fitPair } from './fit-pair.ts';

/** Processor time of one request, measured while requests came at random at a rate. */
export interface RatePoint {
  readonly perMs: number;
  readonly costMs: number;
}

/** Cost of a request as base plus what idle time before it adds: most·(1 − exp(−idle / time)), a share of which the next one pays again. */
export interface ColdFit {
  readonly baseMs: number;
  readonly mostMs: number;
  readonly timeMs: number;
  readonly kept: number;
}

/** Cost of a request of a lone contact, and of one that follows it at once. */
export interface ContactCosts {
  readonly firstMs: number;
  readonly nextMs: number;
}

/** Time constants that are tried, ms: evenly by their logarithms. */
const timesMs = Array.from({ length: 60 }, (_, step) => 0.1 * 1000 ** (step / 59));
const pausesMs = [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200];

const rounds = 4;
const mostKept = 0.9;

/**
 * Fits the cost by idle time to costs by rate. Requests that come as a Poisson process of rate λ find a worker idle
 * with the share 1 − ρ and then have waited for an exponential time: with h = 1 / (1 + λ·time) of a full idle time, and
 * a share `kept` of what the one before paid, they cost base + (1 − ρ)·most·h / (1 − kept·(1 − h)) on average. Least
 * squares of relative errors; base and most are linear for each time tried, and `kept` is what the second request of a
 * contact says, in turns.
 */
export function fitCold(points: readonly RatePoint[], contact?: ContactCosts): ColdFit {
  let fit = fitWith(points, 0);
  if (contact === undefined) return fit;
  for (let round = 0; round < rounds; round += 1) {
    const share = (contact.nextMs - fit.baseMs) / (contact.firstMs - fit.baseMs);
    fit = fitWith(points, Math.min(mostKept, Math.max(0, share)) || 0);
  }
  return fit;
}

function fitWith(points: readonly RatePoint[], kept: number): ColdFit {
  const fits = timesMs.map((timeMs) => ({ timeMs, ...linear(points, timeMs, kept) }));
  const best = fits.reduce((least, fit) => (fit.error < least.error ? fit : least));
  return { baseMs: best.baseMs, mostMs: best.mostMs, timeMs: best.timeMs, kept };
}

/** Points of the curve, as profiles have them. */
export const coldPoints = ({ mostMs, timeMs }: ColdFit): ColdSpec[] =>
  pausesMs.map((idleMs) => ({ idleMs, costMs: round(mostMs * (1 - Math.exp(-idleMs / timeMs))) }));

const round = (value: number): number => Math.round(value * 1000) / 1000;

function linear(points: readonly RatePoint[], timeMs: number, kept: number) {
  // Each row is divided by its cost, so that all errors are relative.
  const rows = points.map(({ perMs, costMs }) => {
    const whole = 1 / (1 + perMs * timeMs);
    const idle = Math.max(0, 1 - perMs * costMs);
    return { a: 1 / costMs, b: (idle * whole) / (1 - kept * (1 - whole)) / costMs, sum: 1 };
  });
  const { x: baseMs, y: mostMs } = fitPair(rows);
  const error = rows.reduce((total, { a, b, sum }) => total + (baseMs * a + mostMs * b - sum) ** 2, 0);
  return { baseMs, mostMs, error: Number.isFinite(error) ? error : Infinity };
}
