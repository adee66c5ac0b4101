import type { RetrySpec } from '../spec.ts';

/** What is done about a failed write when the client profile says nothing: what its user wrote must not be lost. */
export const patientRetries: RetrySpec = {
  most: 0,
  firstMs: 60_000,
  factor: 1,
  maxMs: 60_000,
  jitter: 0,
  obeysRetryAfter: false,
};

/**
 * How long a client waits after its `tries`-th failure, in ms: a geometric back-off, or what Retry-After asks for
 * when the client obeys it and it is longer; put off by a share of `jitter` that `draw`, uniform in (0, 1), decides,
 * never brought forward. `retryAfterMs` is `NaN` when the server named none.
 */
export function retryWaitMs(rules: RetrySpec, tries: number, retryAfterMs: number, draw: number): number {
  const backOff = Math.min(rules.maxMs, rules.firstMs * rules.factor ** (tries - 1));
  const wait = rules.obeysRetryAfter && retryAfterMs > backOff ? retryAfterMs : backOff;
  return wait * (1 + rules.jitter * draw);
}
