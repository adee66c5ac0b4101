import ICAL from 'ical.js';
import { child, children, ns, type XmlElement } from '../../xml/index.ts';
import { parseCard } from './parse-card.ts';

const always = new Set(['version', 'begin', 'end']);

/** Compiles `CR:address-data` (RFC 6352 section 10.4): the properties that it names; undefined for the stored text. */
export function compileAddressData(asked: XmlElement): ((text: string) => string) | undefined {
  const named = children(asked, ns.carddav, 'prop');
  if (named.length === 0 || child(asked, ns.carddav, 'allprop') !== undefined) return undefined;
  const wanted = new Map(
    named.map(({ attributes }) => [attributes['name']?.toLowerCase(), attributes['novalue'] === 'yes']),
  );
  return (text) => {
    const card = parseCard(text);
    if (card === undefined) return text;
    const kept = new ICAL.Component('vcard');
    for (const property of card.getAllProperties()) {
      const bare = wanted.get(property.name);
      if (!always.has(property.name) && bare === undefined) continue;
      if (bare === true) kept.addPropertyWithValue(property.name, '');
      else kept.addProperty(new ICAL.Property(structuredClone(property.toJSON()), card));
    }
    return `${kept.toString()}\r\n`;
  };
}
