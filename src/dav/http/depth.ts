import { Refusal } from './refusal.ts';

export type Depth = 0 | 1 | 'infinity';

/** Reads a `Depth` header (RFC 4918 section 10.2). @throws Refusal 400 */
export function readDepth(value: string | string[] | undefined, absent: Depth): Depth {
  if (value === undefined) return absent;
  const text = String(value).trim().toLowerCase();
  if (text === '0') return 0;
  if (text === '1') return 1;
  if (text === 'infinity') return 'infinity';
  throw new Refusal(400, 'Depth must be 0, 1 or infinity');
}
