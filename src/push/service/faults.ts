/**
 * One fault on demand. It strikes the messages of `subscription` (an endpoint's URL or its last part) or of every
 * one, with probability `share`, between `fromMs` and `toMs` after the service started.
 */
export type FaultRule = FaultScope &
  (
    | /** Accepted, then gone without trace. */ { readonly fault: 'drop' }
    | /** Delivered later: `ms`, plus up to `spreadMs` more. */ {
        readonly fault: 'delay';
        readonly ms: number;
        readonly spreadMs?: number;
      }
  );

export interface FaultScope {
  readonly share?: number;
  readonly subscription?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

export interface FaultPlan {
  /** Same seed and same order of messages per subscription: same faults. */
  readonly seed: number;
  readonly rules: readonly FaultRule[];
}

/** What is to happen to one message. */
export interface Fate {
  readonly dropped: boolean;
  readonly delayMs: number;
}

/** A well-mixed number in [0, 1) from the words (the finaliser of MurmurHash3 over each). */
function draw(...words: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const word of words) {
    hash = Math.imul(hash ^ word, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return (hash >>> 0) / 2 ** 32;
}

/** Decides the fate of a subscription's `index`-th message, `elapsedMs` after the service started. */
export function fateOf(
  plan: FaultPlan,
  subscription: { readonly id: number; readonly pushToken: string },
  index: number,
  elapsedMs: number,
): Fate {
  let dropped = false;
  let delayMs = 0;
  for (const [place, rule] of plan.rules.entries()) {
    const { share = 1, fromMs = 0, toMs = Infinity } = rule;
    const concerned = rule.subscription === undefined || rule.subscription.endsWith(subscription.pushToken);
    if (!concerned || elapsedMs < fromMs || elapsedMs >= toMs) continue;
    if (draw(plan.seed, place, subscription.id, index, 0) >= share) continue;
    if (rule.fault === 'drop') dropped = true;
    else delayMs += rule.ms + (rule.spreadMs ?? 0) * draw(plan.seed, place, subscription.id, index, 1);
  }
  return { dropped, delayMs };
}
