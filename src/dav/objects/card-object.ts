import { ns } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import { parseCard } from './parse-card.ts';

export interface CardObject {
  readonly uid: string;
}

const refuse = (name: string, message: string): Refusal =>
  new Refusal(403, message, { ns: ns.carddav, name });

/** Checks what is PUT into an address book (RFC 6352 section 6.3.2.1). @throws Refusal 403 */
export function readCardObject(text: string): CardObject {
  const card = parseCard(text);
  if (card === undefined) throw refuse('valid-address-data', 'not one vCard');
  const version = card.getFirstPropertyValue('version');
  if (version !== '3.0' && version !== '4.0') {
    throw refuse(
      typeof version === 'string' ? 'supported-address-data' : 'valid-address-data',
      'not vCard 3.0 or 4.0',
    );
  }
  const uids = card.getAllProperties('uid');
  const uid = String(uids[0]?.getFirstValue() ?? '');
  // RFC 6352 section 5.1: a card in an address book has a UID; RFC 6350 section 6.7.6: one at most.
  if (uids.length !== 1 || uid === '') throw refuse('valid-address-data', 'a card needs one UID');
  // RFC 2426 section 3.1 wants both, RFC 6350 section 6.2 the first; clients that know one can live with that.
  if (!card.hasProperty('fn') && !card.hasProperty('n'))
    throw refuse('valid-address-data', 'a card has a name');
  return { uid };
}
