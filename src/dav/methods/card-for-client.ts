import { ns } from '../../xml/index.ts';
import { readAccept, type Acceptable } from '../http/accept.ts';
import { Refusal } from '../http/refusal.ts';
import { readCardVersion, tellCard } from '../objects/convert-card.ts';

const isCard = ({ type, version }: Acceptable): boolean =>
  ['text/vcard', 'text/x-vcard', 'text/directory'].includes(type) &&
  (version === undefined || readCardVersion(version) !== undefined);

const isAnything = ({ type }: Acceptable): boolean => type === '*/*' || type === 'text/*';

/**
 * A card in the version that a client asks for by `Accept` (RFC 6352 section 5.1.1), as it is stored where it names none.
 * @throws Refusal 406 with supported-address-data-conversion
 */
export function cardForClient(data: Uint8Array, accept: string | undefined): Uint8Array | string {
  if (accept === undefined) return data;
  const ranges = readAccept(accept);
  const best = ranges.find((range) => isCard(range) || isAnything(range));
  if (best === undefined && ranges.length > 0) {
    throw new Refusal(406, 'a card is told as text/vcard of version 3.0 or 4.0', {
      ns: ns.carddav,
      name: 'supported-address-data-conversion',
    });
  }
  const version = readCardVersion(best?.version);
  if (version === undefined) return data;
  return tellCard(Buffer.from(data).toString('utf8'), { version, select: undefined });
}
