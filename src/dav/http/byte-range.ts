import type { IncomingHttpHeaders } from 'node:http';

export interface ByteRange {
  readonly first: number;
  /** The last byte that is wanted, not the one after it. */
  readonly last: number;
}

/**
 * The part of a representation that a GET asks for (RFC 9110 section 14.2): undefined for the whole, as for what cannot
 * be read, several parts at once and another version than the client has a part of; `none` when there is no such part.
 */
export function readByteRange(
  headers: IncomingHttpHeaders,
  length: number,
  etag: string,
): ByteRange | 'none' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(headers.range?.replaceAll(/\s/g, '') ?? '') ?? [];
  const condition = headers['if-range'];
  if ((from === '' && to === '') || (condition !== undefined && condition !== etag)) return undefined;
  if (from === '') return Number(to) === 0 || length === 0 ? 'none' : lastBytes(Number(to), length);
  const first = Number(from);
  const last = to === '' ? length - 1 : Number(to);
  if (to !== '' && last < first) return undefined;
  return first >= length ? 'none' : { first, last: Math.min(last, length - 1) };
}

const lastBytes = (count: number, length: number): ByteRange => ({
  first: Math.max(0, length - count),
  last: length - 1,
});
