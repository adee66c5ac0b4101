import { mean } from 'simple-statistics';
import { fitPair } from './fit-pair.ts';

/** What a look at a token and a report cost in fleets of the same pace, ms. */
export interface Compared {
  readonly lookMs: number;
  readonly reportMs: number;
  /** How far they count; 1 by default. */
  readonly weight?: number | undefined;
}

/** How much more a look costs than a report, and what share it pays of what idle time adds to one. */
export interface CheckFit {
  readonly moreMs: number;
  readonly coldShare: number;
}

/** Idle time must cost so many times more at one pace than at another to be told apart from the rest. */
const apart = 1.5;

/** Fits both to fleets of several paces, whose reports cost `baseMs` without idle time. Least squares of relative errors. */
export function fitCheck(compared: readonly Compared[], baseMs: number): CheckFit {
  const coldMs = compared.map(({ reportMs }) => Math.max(0, reportMs - baseMs));
  const rows = compared.map(({ lookMs, weight }, index) => ({
    a: 1 / lookMs,
    b: (coldMs[index] ?? 0) / lookMs,
    sum: (lookMs - baseMs) / lookMs,
    weight,
  }));
  const { x: moreMs, y: coldShare } = fitPair(rows, -baseMs);
  const isTold = Math.max(...coldMs) > apart * Math.min(...coldMs);
  if (isTold && Number.isFinite(moreMs + coldShare)) return { moreMs, coldShare };
  return { moreMs: mean(compared.map(({ lookMs, reportMs }) => lookMs - reportMs)), coldShare: 1 };
}
