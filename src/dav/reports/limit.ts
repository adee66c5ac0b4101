import { child, type XmlElement } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';

/** `limit/nresults` of RFC 5323 section 5.17 and RFC 6352 section 10.6. @throws Refusal 400 */
export function readLimit(root: XmlElement, ns: string): number | undefined {
  const limit = child(root, ns, 'limit');
  if (limit === undefined) return undefined;
  const text = child(limit, ns, 'nresults')?.text.trim() ?? '';
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
    throw new Refusal(400, 'nresults must be a positive number');
  return Number(text);
}
