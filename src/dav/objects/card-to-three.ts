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

/** What only cards of version 4.0 can say of themselves. */
const gone = new Set(['version', 'clientpidmap', 'xml']);
const parameters = [
  'pref',
  'pid',
  'altid',
  'mediatype',
  'sort-as',
  'label',
  'calscale',
  'level',
  'index',
  'geo',
  'tz',
];
const types: Readonly<Record<string, string>> = { timestamp: 'date-time', 'language-tag': 'text' };
const vendor: Readonly<Record<string, string>> = {
  kind: 'x-addressbookserver-kind',
  member: 'x-addressbookserver-member',
  anniversary: 'x-anniversary',
  gender: 'x-gender',
};
const formats: Readonly<Record<string, string>> = { 'pgp-keys': 'PGP', 'pkix-cert': 'X509' };
const fewestNameParts = 5;

/** The properties of a card of version 4.0 in version 3.0 (RFC 2426). */
export function toThree(card: readonly CardProperty[]): CardProperty[] {
  const first = new Map<string, number>();
  for (const property of card) {
    const rank = rankOf(property);
    if (rank < (first.get(property.name) ?? Infinity)) first.set(property.name, rank);
  }
  const converted = card.flatMap((property) => {
    const preferred = rankOf(property) < Infinity && rankOf(property) === first.get(property.name);
    return convert(
      preferred
        ? { ...property, parameters: withTypes(property.parameters, [...typesOf(property), 'pref']) }
        : property,
    );
  });
  // A card of version 3.0 must have a name in parts; that of a group has one.
  return converted.some(({ name }) => name === 'n') ? converted : [...converted, nameOf(card)];
}

function nameOf(card: readonly CardProperty[]): CardProperty {
  const kind = card.find(({ name }) => name === 'kind');
  const isPerson = kind === undefined || valueOf(kind).toLowerCase() === 'individual';
  const whole = isPerson ? undefined : card.find(({ name }) => name === 'fn');
  const family = whole === undefined ? '' : valueOf(whole);
  const parts = Array.from({ length: fewestNameParts }, (_, index) => (index === 0 ? family : ''));
  return { name: 'n', parameters: {}, type: 'text', values: [parts] };
}

const rankOf = (property: CardProperty): number => Number(property.parameters['pref'] ?? Infinity);

const convert: PropertyConversion = (property) => {
  const { name, type } = property;
  if (gone.has(name)) return [];
  const bare = { ...property, parameters: without(property.parameters, ...parameters) };
  if (media[name] !== undefined) return [medium(property, bare)];
  switch (name) {
    case 'n':
      return [
        { ...bare, values: [[property.values[0]].flat().slice(0, fewestNameParts)] },
        ...sortString(property),
      ];
    case 'adr':
      return [bare, ...label(property)];
    case 'geo': {
      const [, latitude, longitude] = /^(?:geo:)?(-?[\d.]+)[,;](-?[\d.]+)/i.exec(valueOf(property)) ?? [];
      return latitude === undefined ? [] : [{ ...bare, type: 'float', values: [[latitude, longitude]] }];
    }
    case 'bday':
      return [birthday(bare)];
    case 'uid':
      return [{ ...bare, type: 'text' }];
    case 'tel':
      return [{ ...bare, type: 'phone-number', values: [valueOf(property).replace(/^tel:/i, '')] }];
    default: {
      const other = vendor[name];
      if (other !== undefined) return [flattened({ ...bare, name: other, type: 'unknown' })];
      return [
        flattened({
          ...bare,
          type: type === 'date-and-or-time' ? dateType(property) : (types[type] ?? type),
        }),
      ];
    }
  }
};

/** Clients of Apple, and others after them, tell a day without its year in this way. */
function birthday(property: CardProperty): CardProperty {
  const day = /^--(\d\d-\d\d)$/.exec(valueOf(property))?.[1];
  if (day === undefined) return { ...property, type: dateType(property) };
  const parameters = { ...property.parameters, [omittedYear]: anyYear };
  return { ...property, type: 'date', parameters, values: [`${anyYear}-${day}`] };
}

/** Version 3.0 has whole dates alone: others are told as text. */
function dateType(property: CardProperty): string {
  const value = valueOf(property);
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return 'date';
  return /^\d{4}-\d\d-\d\dT/.test(value) ? 'date-time' : 'text';
}

const sortString = ({ parameters: { 'sort-as': key } }: CardProperty): CardProperty[] =>
  key === undefined
    ? []
    : [{ name: 'sort-string', parameters: {}, type: 'text', values: [[key].flat()[0] ?? ''] }];

const label = (property: CardProperty): CardProperty[] => {
  const text = property.parameters['label'];
  if (text === undefined) return [];
  return [
    {
      name: 'label',
      parameters: withTypes({}, typesOf(property)),
      type: 'text',
      values: [[text].flat()[0] ?? ''],
    },
  ];
};

const formatOf = (mediaType: string): string => {
  const name = mediaType.replace(/^[^/]*\//, '').toLowerCase();
  return formats[name] ?? name.toUpperCase();
};

/** A URI that holds the data becomes the data. */
function medium(property: CardProperty, bare: CardProperty): CardProperty {
  const [, inData, data] = /^data:([^;,]*)(?:;[^;,]*)*;base64,(.*)$/is.exec(valueOf(property)) ?? [];
  const given = [inData, property.parameters['mediatype'] ?? []].flat();
  const mediaType = given.find(
    (type) => type !== undefined && type !== '' && type !== 'application/octet-stream',
  );
  const format = mediaType === undefined ? [] : [formatOf(mediaType)];
  const typed = withTypes(bare.parameters, [...typesOf(bare), ...format]);
  if (data === undefined) return { ...bare, parameters: typed };
  return { ...bare, type: 'binary', parameters: { ...typed, encoding: 'b' }, values: [data] };
}
