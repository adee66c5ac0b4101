import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './refusal.ts';

export interface Validators {
  /** With quotes; empty for resources without one. */
  readonly etag: string;
  /** Epoch ms. */
  readonly modified: number;
}

const matches = (header: string, etag: string, weakly: boolean): boolean =>
  header.split(',').some((raw) => {
    const given = raw.trim();
    return given === etag || (weakly && given.startsWith('W/') && given.slice(2) === etag);
  });

/**
 * Evaluates the conditions of RFC 9110 section 13 in the order of 13.2.2, for any method.
 * @returns true when a GET or HEAD should answer 304
 * @throws Refusal 412
 */
export function checkConditions(
  headers: IncomingHttpHeaders,
  current: Validators | undefined,
  reading: boolean,
): boolean {
  const failed = (): Refusal => new Refusal(412, 'a condition of the request does not hold');
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  if (ifMatch !== undefined) {
    if (current === undefined) throw failed();
    if (ifMatch.trim() !== '*' && !matches(ifMatch, current.etag, false)) throw failed();
  } else if (laterThan(current, headers['if-unmodified-since'])) throw failed();
  if (ifNoneMatch !== undefined) {
    const same =
      current !== undefined &&
      (ifNoneMatch.trim() === '*' || (current.etag !== '' && matches(ifNoneMatch, current.etag, true)));
    if (same && !reading) throw failed();
    return same;
  }
  const since = headers['if-modified-since'];
  return (
    reading &&
    current !== undefined &&
    since !== undefined &&
    Date.parse(since) >= wholeSeconds(current.modified)
  );
}

const wholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000;

const laterThan = (current: Validators | undefined, date: string | undefined): boolean =>
  current !== undefined && date !== undefined && wholeSeconds(current.modified) > Date.parse(date);
