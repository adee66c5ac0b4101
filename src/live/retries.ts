import { retryWaitMs, type FailureRecord, type RetrySpec } from '../../sim/index.ts';
import { isRefusal } from './device-session.ts';

/** How a request ended without the answer that was wanted. */
export type FailureKind = 'refused' | 'unreachable' | 'broken' | 'timedOut';

/** What is tried, and how. */
export interface Attempt<Result> {
  readonly run: (tries: number) => Promise<Result>;
  readonly rules: RetrySpec | undefined;
  /** Tried until it is through, however often the rules allow. */
  readonly insist: boolean;
  /** What the server asked for with the last answer, ms; `NaN` when nothing. */
  readonly refusedForMs: () => number;
  /** Status of the last answer; 0 when there was none. */
  readonly lastStatus: () => number;
  readonly draw: () => number;
}

/** Tries again what failed, as the rules of its client say, and counts. */
export class Retries {
  readonly #now: () => number;
  readonly #at: (atMs: number, action: () => void) => void;
  readonly #onFailed: (kind: FailureKind, isRetried: boolean, atMs: number) => void;
  readonly #waiting = new Set<() => void>();
  #ended = false;

  constructor(
    now: () => number,
    at: (atMs: number, action: () => void) => void,
    onFailed: (kind: FailureKind, isRetried: boolean, atMs: number) => void,
  ) {
    this.#now = now;
    this.#at = at;
    this.#onFailed = onFailed;
  }

  /** @throws what the last try threw, when it is given up */
  async make<Result>(attempt: Attempt<Result>): Promise<Result> {
    try {
      return await attempt.run(1);
    } catch (error) {
      return await this.again(error, attempt);
    }
  }

  /** Goes on after a first try that threw `first`. @throws what the last try threw, when it is given up */
  async again<Result>(
    first: unknown,
    { run, rules, insist, refusedForMs, lastStatus, draw }: Attempt<Result>,
  ): Promise<Result> {
    let error = first;
    for (let tries = 1; ; tries += 1) {
      const isRetried = rules !== undefined && !this.#ended && (insist || tries <= rules.most);
      this.#onFailed(failureKind(error, lastStatus()), isRetried, this.#now());
      if (!isRetried) throw error;
      await this.#pause(retryWaitMs(rules, tries, refusedForMs(), draw()));
      try {
        return await run(tries + 1);
      } catch (another) {
        error = another;
      }
    }
  }

  /** Nothing is waited for any more: what waits is tried a last time now. */
  end(): void {
    this.#ended = true;
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      this.#at(this.#now() + ms, () => {
        this.#waiting.delete(resolve);
        resolve();
      });
    });
  }
}

function failureKind(error: unknown, status: number): FailureKind {
  if (isRefusal(status)) return 'refused';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return 'unreachable';
  return code === 'ETIMEDOUT' || code.endsWith('_TIMEOUT') ? 'timedOut' : 'broken';
}

/** Counts failures in the counted time. */
export class FailureCounts {
  readonly #counts = { refused: 0, unreachable: 0, broken: 0, timedOut: 0, retried: 0, abandoned: 0 };
  readonly #perSecond: number[];

  constructor(seconds: number) {
    this.#perSecond = Array.from({ length: seconds }, () => 0);
  }

  add(kind: FailureKind, isRetried: boolean, second: number): void {
    this.#counts[kind] += 1;
    this.#counts[isRetried ? 'retried' : 'abandoned'] += 1;
    this.#perSecond[second] = (this.#perSecond[second] ?? 0) + 1;
  }

  /** `undefined` when nothing failed. `sumBins` brings seconds to the bins of the record. */
  record(sumBins: (perSecond: readonly number[]) => number[]): FailureRecord | undefined {
    const { retried, abandoned } = this.#counts;
    if (retried + abandoned === 0) return undefined;
    return { ...this.#counts, reconnects: 0, series: sumBins(this.#perSecond) };
  }
}
