import { ns, type XmlElement } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';

export type TextTest = (text: string) => boolean;

const asciiLower = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
// RFC 5051 folds by title case and decomposes; lower-casing the compatibility form folds the same pairs together.
const unicodeFold = (text: string): string => text.normalize('NFKD').toLowerCase();

const collations: Readonly<Record<string, (text: string) => string>> = {
  'i;ascii-casemap': asciiLower,
  'i;octet': (text) => text,
  'i;unicode-casemap': unicodeFold,
};

const comparisons: Readonly<Record<string, (text: string, wanted: string) => boolean>> = {
  equals: (text, wanted) => text === wanted,
  contains: (text, wanted) => text.includes(wanted),
  'starts-with': (text, wanted) => text.startsWith(wanted),
  'ends-with': (text, wanted) => text.endsWith(wanted),
  // As clients of Apple's server write them.
  startswith: (text, wanted) => text.startsWith(wanted),
  endswith: (text, wanted) => text.endsWith(wanted),
};

/**
 * Compiles `text-match` (RFC 4791 section 9.7.5, RFC 6352 section 10.5.4).
 * @throws Refusal 403 with supported-collation
 */
export function compileTextMatch({ ns: uri, attributes, text }: XmlElement): TextTest {
  const standard = uri === ns.carddav ? 'i;unicode-casemap' : 'i;ascii-casemap';
  const asked = attributes['collation'] ?? standard;
  const fold = collations[asked === 'default' ? standard : asked];
  if (fold === undefined)
    throw new Refusal(403, 'this collation is not served', { ns: uri, name: 'supported-collation' });
  const compare = comparisons[attributes['match-type'] ?? 'contains'];
  if (compare === undefined)
    throw new Refusal(403, 'this match type is not served', { ns: uri, name: 'supported-filter' });
  const wanted = fold(text);
  const negated = attributes['negate-condition'] === 'yes';
  return (value) => compare(fold(value), wanted) !== negated;
}
