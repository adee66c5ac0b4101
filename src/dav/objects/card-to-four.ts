import {
  flattened,
  anyYear,
  media,
  omittedYear,
  typesOf,
  valueOf,
  without,
  withTypes,
  type CardProperty,
  type PropertyConversion,
} from './card-property.ts';

/** What vCard 4.0 has no more (RFC 6350 appendix A.2), and its version. */
const gone = new Set(['version', 'class', 'mailer', 'name', 'profile', 'label', 'sort-string']);
const types: Readonly<Record<string, string>> = {
  'phone-number': 'text',
  vcard: 'text',
};
/** Values of TYPE that say nothing of importance and have no meaning any more. */
const meaningless = new Set(['internet', 'x400', 'dom', 'intl', 'postal', 'parcel']);
/** Formats in TYPE, by the name of their media type where that is another. */
const formats: Readonly<Record<string, string>> = {
  jpg: 'jpeg',
  pgp: 'pgp-keys',
  x509: 'pkix-cert',
};
const isFormat = (type: string): boolean =>
  /^(?:gif|jpe?g|png|bmp|tiff|webp|svg\+xml|wave?|basic|mp[23]|mpeg|ogg|aac|pgp|x509)$/i.test(type);
/** Names that clients use in version 3.0 for what has come since, with the type of the value. */
const vendor: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  'x-addressbookserver-kind': { name: 'kind', type: 'text' },
  'x-addressbookserver-member': { name: 'member', type: 'uri' },
  'x-anniversary': { name: 'anniversary', type: 'date-and-or-time' },
};

/** The properties of a card of version 3.0 in version 4.0 (RFC 6350 appendix A). */
export function toFour(card: readonly CardProperty[]): CardProperty[] {
  const labels = card.filter(({ name }) => name === 'label');
  const sortString = card.find(({ name }) => name === 'sort-string');
  const converted = card.flatMap(convert);
  for (const label of labels) addLabel(converted, label);
  if (sortString === undefined) return converted;
  return converted.map((property) =>
    property.name === 'n'
      ? { ...property, parameters: { ...property.parameters, 'sort-as': valueOf(sortString) } }
      : property,
  );
}

const kindOf = (property: CardProperty): string =>
  typesOf(property)
    .map((type) => type.toLowerCase())
    .filter((type) => type !== 'pref' && !meaningless.has(type))
    .sort()
    .join();

/** The text of an address label belongs to the address of the same type. */
function addLabel(card: CardProperty[], label: CardProperty): void {
  const at = card.findIndex(
    (property) =>
      property.name === 'adr' &&
      kindOf(property) === kindOf(label) &&
      property.parameters['label'] === undefined,
  );
  const address = card[at] ?? {
    name: 'adr',
    parameters: withTypes({}, typesOf(label)),
    type: 'text',
    values: [Array.from({ length: 7 }, () => '')],
  };
  const labelled = { ...address, parameters: { ...address.parameters, label: valueOf(label) } };
  if (at < 0) card.push(labelled);
  else card[at] = labelled;
}

const convert: PropertyConversion = (property) => {
  const { name } = property;
  if (gone.has(name)) return [];
  const bare = ranked({ ...property, parameters: without(property.parameters, 'encoding', 'charset') });
  if (media[name] !== undefined) return [medium(bare, media[name])];
  switch (name) {
    case 'uid':
      return [{ ...bare, type: /^[a-z][a-z\d+.-]*:/i.test(valueOf(bare)) ? 'uri' : 'text' }];
    case 'geo':
      return [{ ...bare, type: 'uri', values: [`geo:${property.values.flat().join(',')}`] }];
    case 'agent':
      return [{ ...flattened(bare), name: 'related', type: 'text', parameters: { type: 'agent' } }];
    case 'rev':
      return [{ ...bare, type: 'timestamp' }];
    case 'bday':
      return [birthday(bare)];
    default:
      return [flattened({ ...bare, type: types[bare.type] ?? bare.type, ...vendor[name] })];
  }
};

function birthday(property: CardProperty): CardProperty {
  const year = property.parameters[omittedYear];
  const value = valueOf(property);
  const parameters = without(property.parameters, omittedYear);
  const isWithout = year !== undefined && value.startsWith(`${[year].flat().join()}-`);
  const day = isWithout ? `--${value.slice(anyYear.length + 1)}` : value;
  return { ...property, type: 'date-and-or-time', parameters, values: [day] };
}

/** `TYPE=pref` is the parameter PREF now. */
function ranked(property: CardProperty): CardProperty {
  const all = typesOf(property);
  const kept = all.filter((type) => type.toLowerCase() !== 'pref' && !meaningless.has(type.toLowerCase()));
  if (kept.length === all.length) return property;
  const preferred = all.some((type) => type.toLowerCase() === 'pref') ? { pref: '1' } : {};
  return { ...property, parameters: { ...withTypes(property.parameters, kept), ...preferred } };
}

/** A picture, sound or key is a URI in any case: one that holds the data, where the card did. */
function medium(property: CardProperty, family: string): CardProperty {
  const format = typesOf(property).find(isFormat)?.toLowerCase();
  const parameters = withTypes(
    property.parameters,
    typesOf(property).filter((type) => !isFormat(type)),
  );
  const mediaType = format && `${family}/${formats[format] ?? format}`;
  if (property.type !== 'binary') {
    const named = mediaType === undefined ? {} : { mediatype: mediaType };
    return {
      ...property,
      type: property.type === 'text' ? 'text' : 'uri',
      parameters: { ...parameters, ...named },
    };
  }
  const uri = `data:${mediaType ?? 'application/octet-stream'};base64,${valueOf(property)}`;
  return { ...property, type: 'uri', parameters, values: [uri] };
}
