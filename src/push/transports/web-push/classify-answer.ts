import type { SendOutcome } from '../transport.ts';

/** Delay of a `Retry-After` value, seconds or date (RFC 9110 section 10.2.3), in ms from `now`. */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const trimmed = value.trim();
  if (/^\d+$/.test(trimmed)) return Number(trimmed) * 1000;
  const date = Date.parse(trimmed);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * What an answer of a push service means. 404 (RFC 8030 section 7.3) and 410 (what deployed services send) are
 * alike; 429 concerns the one endpoint, 503 the whole service; redirects are not followed, so they are refusals.
 */
export function classifyAnswer(status: number, retryAfter: string | undefined, now: number): SendOutcome {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status === 404 || status === 410) return { kind: 'gone' };
  if (status === 429) {
    return { kind: 'busy', scope: 'subscription', retryAfterMs: retryAfterMs(retryAfter, now) };
  }
  if (status === 503 && retryAfter !== undefined) {
    return { kind: 'busy', scope: 'origin', retryAfterMs: retryAfterMs(retryAfter, now) };
  }
  if (status === 408 || status >= 500) return { kind: 'failed', reason: `status ${status}` };
  return { kind: 'refused', reason: `status ${status}` };
}
