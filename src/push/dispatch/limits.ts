import type { BackoffOptions } from './backoff.ts';
import type { LaneOptions } from './lane.ts';

/** How hard the dispatcher tries and how much it does at once. */
export interface DispatchLimits {
  /** From start of an attempt to the whole answer. */
  readonly totalTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Fewer than messages on their way, so that some are encrypted while others wait for answers. */
  readonly connectionsPerOrigin: number;
  readonly lane: LaneOptions;
  /** Messages on their way over all origins. */
  readonly concurrency: number;
  readonly backoff: BackoffOptions;
  /** Refusals in a row (4xx other than 404, 410, 429) after which a subscription is removed. */
  readonly refusals: number;
  /** A subscription that has only failed for so long is removed. */
  readonly failingForMs: number;
}

export const defaultLimits: DispatchLimits = {
  totalTimeoutMs: 10_000,
  connectTimeoutMs: 5000,
  connectionsPerOrigin: 32,
  concurrency: 256,
  lane: {
    concurrency: 64,
    suspects: 8,
    circuit: { subscriptions: 5, firstMs: 1000, maxMs: 10_000 },
  },
  backoff: { firstMs: 1000, maxMs: 300_000 },
  refusals: 5,
  failingForMs: 7 * 86_400_000,
};
