import { Refusal } from '../http/refusal.ts';

/** One `Not? <token>` or `Not? [etag]` of an `If` header. */
export interface IfCondition {
  readonly negated: boolean;
  readonly kind: 'token' | 'etag';
  readonly value: string;
}

/** Lists of conditions for one resource; any list that holds makes it hold. */
export interface IfGroup {
  /** The tagged URL; undefined for the request's own resource. */
  readonly url: string | undefined;
  readonly lists: readonly (readonly IfCondition[])[];
}

/** Parses an `If` header (RFC 4918 section 10.4). @throws Refusal 400 */
export function parseIf(header: string): IfGroup[] {
  const token = /\s*(?:(\()|(\))|<([^<>]*)>|\[((?:W\/)?"[^"\]]*")\]|(Not)(?=[\s<[]))/iy;
  const groups: { url: string | undefined; lists: IfCondition[][] }[] = [];
  let list: IfCondition[] | undefined;
  let negated = false;
  const text = header.trimEnd();
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) throw new Refusal(400, 'the If header cannot be read');
    const [, open, close, angle, etag, not] = match;
    if (open !== undefined && list === undefined) {
      if (groups.length === 0) groups.push({ url: undefined, lists: [] });
      list = [];
      groups.at(-1)?.lists.push(list);
    } else if (close !== undefined && list !== undefined && list.length > 0) list = undefined;
    else if (not !== undefined && list !== undefined) negated = true;
    else if (angle !== undefined && list === undefined) groups.push({ url: angle, lists: [] });
    else if (list !== undefined && (angle ?? etag) !== undefined) {
      list.push({ negated, kind: etag === undefined ? 'token' : 'etag', value: angle ?? etag ?? '' });
      negated = false;
    } else throw new Refusal(400, 'the If header cannot be read');
  }
  if (list !== undefined || groups.some(({ lists }) => lists.length === 0)) {
    throw new Refusal(400, 'the If header cannot be read');
  }
  return groups;
}
