import type { ColdFit } from './fit-cold.ts';

/** What a write cost more, in processor time, because `subscribers` were told of it by a burst of messages. */
export interface BurstPoint {
  readonly subscribers: number;
  /** Writes come at random at this rate, each with its burst. */
  readonly perMs: number;
  readonly costMs: number;
  /** Busy share of a worker meanwhile. */
  readonly load: number;
}

/** Cost of a burst: for each of its messages, and more when it finds the worker idle. */
export interface PushFit {
  readonly eachMs: number;
  readonly firstMs: number;
}

/**
 * Fits costs of bursts: a burst of n costs n·each + (1 − ρ)·(first + cold), where cold is what any job pays that finds
 * the worker idle; it was idle for an exponential time, since writes and bursts are two jobs each. Least squares of
 * relative errors; points that noise brought to nothing say nothing, and undefined is what none says.
 */
export function fitPush(given: readonly BurstPoint[], { mostMs, timeMs }: ColdFit): PushFit | undefined {
  const points = given.filter(({ costMs }) => costMs > 0 && Number.isFinite(costMs));
  if (points.length === 0) return undefined;
  const rows = points.map(({ subscribers, perMs, costMs, load }) => {
    const idle = Math.max(0, 1 - load);
    return {
      each: subscribers / costMs,
      first: idle / costMs,
      rest: 1 - (idle * mostMs) / (1 + 2 * perMs * timeMs) / costMs,
    };
  });
  type Row = (typeof rows)[number];
  const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const [ee, ef, ff] = [sum((r) => r.each ** 2), sum((r) => r.each * r.first), sum((r) => r.first ** 2)];
  const [er, fr] = [sum((r) => r.each * r.rest), sum((r) => r.first * r.rest)];
  const determinant = ee * ff - ef * ef;
  const solved = {
    eachMs: (er * ff - fr * ef) / determinant,
    firstMs: (fr * ee - er * ef) / determinant,
  };
  // Neither costs less than nothing.
  if (!(determinant > 0) || solved.firstMs < 0) return { eachMs: Math.max(0, er / ee), firstMs: 0 };
  return solved.eachMs < 0 ? { eachMs: 0, firstMs: Math.max(0, fr / ff) } : solved;
}
