import { child, children, ns, type XmlElement } from '../../xml/index.ts';
import type { CardProperty } from './card-property.ts';
import { readCardVersion, tellCard } from './convert-card.ts';

/** Compiles `CR:address-data` (RFC 6352 section 10.4); undefined where it asks for the stored text. */
export function compileAddressData(asked: XmlElement): ((text: string) => string) | undefined {
  const version = readCardVersion(asked.attributes['version']);
  const select = compileSelection(asked);
  return version === undefined && select === undefined
    ? undefined
    : (text) => tellCard(text, { version, select });
}

/** The properties that are named; undefined for all. The version is told in any case. */
function compileSelection(
  asked: XmlElement,
): ((property: CardProperty) => CardProperty | undefined) | undefined {
  const named = children(asked, ns.carddav, 'prop');
  if (named.length === 0 || child(asked, ns.carddav, 'allprop') !== undefined) return undefined;
  const wanted = new Map(
    named.map(({ attributes }) => [attributes['name']?.toLowerCase(), attributes['novalue'] === 'yes']),
  );
  return (property) => {
    const bare = wanted.get(property.name);
    if (bare === undefined) return undefined;
    return bare ? { name: property.name, parameters: {}, type: 'unknown', values: [''] } : property;
  };
}
