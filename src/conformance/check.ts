import type { Bench } from './bench/bench.ts';

/** How binding the clause is (RFC 2119). */
export type Level = 'MUST' | 'SHOULD' | 'MAY';

export type Outcome =
  | { readonly result: 'pass'; readonly note?: string }
  | { readonly result: 'fail'; readonly reason: string }
  | { readonly result: 'skip'; readonly reason: string };

/** One clause, and how to see whether a server keeps it. */
export interface Check<B = Bench> {
  /** `group.name`, stable: profiles and defects refer to it. */
  readonly id: string;
  /** The document and the part of it that the check tests. */
  readonly clause: string;
  readonly level: Level;
  readonly title: string;
  /** Runs after all others, with nothing beside it, because it changes what others look at. */
  readonly alone?: true;
  run(bench: B): Promise<Outcome>;
}

export const pass = (note?: string): Outcome => ({
  result: 'pass',
  ...(note === undefined ? {} : { note }),
});
export const fail = (reason: string): Outcome => ({ result: 'fail', reason });
export const skip = (reason: string): Outcome => ({ result: 'skip', reason });

/** Passes when the condition holds, else fails for the reason. */
export const verdict = (holds: boolean, reason: string): Outcome => (holds ? pass() : fail(reason));

/** Ends a check from within a step of it: what was needed to go on did not happen. */
export class Setback extends Error {
  override readonly name = 'Setback';
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.result);
    this.outcome = outcome;
  }
}
