import type { DavAnswer } from './lane.ts';

/** How long the server wants to be left alone, by seconds or by a date (RFC 9110 section 10.2.3), ms; `NaN` when it does not say. */
export function retryAfterMs({ headers }: Pick<DavAnswer, 'headers'>, now = Date.now()): number {
  const value = headers['retry-after'];
  if (typeof value !== 'string') return NaN;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  return Math.max(0, Date.parse(value) - now);
}
