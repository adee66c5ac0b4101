/** How often one subscription may be pushed to: a token bucket. */
export interface RateLimit {
  readonly burst: number;
  readonly perSecond: number;
}

/** Tells how long to wait before the next message, in ms; 0 when it may come, which is then counted. */
export type RateLimiter = (subscription: number, now: number) => number;

export function createRateLimiter(limit: RateLimit | undefined): RateLimiter {
  if (limit === undefined) return () => 0;
  const buckets = new Map<number, { tokens: number; at: number }>();
  return (subscription, now) => {
    const bucket = buckets.get(subscription) ?? { tokens: limit.burst, at: now };
    buckets.set(subscription, bucket);
    bucket.tokens = Math.min(limit.burst, bucket.tokens + ((now - bucket.at) / 1000) * limit.perSecond);
    bucket.at = now;
    if (bucket.tokens < 1) return ((1 - bucket.tokens) / limit.perSecond) * 1000;
    bucket.tokens -= 1;
    return 0;
  };
}
