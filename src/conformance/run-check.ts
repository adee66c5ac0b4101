import { DavpulseError } from '../errors/index.ts';
import type { Transcript } from './bench/transcript.ts';
import { Setback, type Check, type Outcome } from './check.ts';
import { verdictOf, type CheckResult } from './results/result.ts';

/** Runs one check. Whatever goes wrong in it is a result; only an abort is thrown. */
export async function runCheck<B extends { readonly transcript: Transcript }>(
  check: Check<B>,
  bench: B,
  signal: AbortSignal,
): Promise<CheckResult> {
  const startedAt = performance.now();
  const { id, clause, level, title } = check;
  const result = (judged: Pick<CheckResult, 'verdict' | 'reason'>): CheckResult => ({
    id,
    clause,
    level,
    title,
    ...judged,
    durationMs: Math.round(performance.now() - startedAt),
    transcript: bench.transcript,
  });
  try {
    return result(verdictOf(level, await outcomeOf(check, bench)));
  } catch (error) {
    signal.throwIfAborted();
    return result({ verdict: 'error', reason: error instanceof Error ? describe(error) : String(error) });
  }
}

async function outcomeOf<B>(check: Check<B>, bench: B): Promise<Outcome> {
  try {
    return await check.run(bench);
  } catch (error) {
    if (error instanceof Setback) return error.outcome;
    throw error;
  }
}

const describe = (error: Error): string =>
  error instanceof DavpulseError ? error.message : `the check ended early: ${error.message}`;
