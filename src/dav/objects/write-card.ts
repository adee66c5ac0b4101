import ICAL from 'ical.js';
import { structured, type CardProperty } from './card-property.ts';

export type CardVersion = '3.0' | '4.0';

/** What a value is where VALUE does not say it, if not text (RFC 2426 section 3, RFC 6350 section 6). */
const defaults: Readonly<Record<CardVersion, Readonly<Record<string, string>>>> = {
  '3.0': {
    photo: 'binary',
    logo: 'binary',
    sound: 'binary',
    key: 'binary',
    bday: 'date',
    rev: 'date-time',
    tel: 'phone-number',
    geo: 'float',
    tz: 'utc-offset',
    url: 'uri',
    impp: 'uri',
    source: 'uri',
  },
  '4.0': {
    ...Object.fromEntries(
      [
        'photo',
        'logo',
        'sound',
        'key',
        'geo',
        'member',
        'related',
        'impp',
        'source',
        'url',
        'fburl',
        'caladruri',
        'caluri',
        'uid',
      ].map((name) => [name, 'uri']),
    ),
    bday: 'date-and-or-time',
    anniversary: 'date-and-or-time',
    rev: 'timestamp',
    lang: 'language-tag',
  },
};

/**
 * A card as text. ical.js would do, but that it escapes commas in URIs, which breaks those that hold data, and tells
 * what it does not know as `VALUE=UNKNOWN`.
 */
export const writeCard = (properties: readonly CardProperty[], version: CardVersion): string =>
  [
    'BEGIN:VCARD',
    `VERSION:${version}`,
    ...properties.map((property) => ICAL.helpers.foldline(lineOf(property, version))),
    'END:VCARD',
    '',
  ].join('\r\n');

function lineOf(property: CardProperty, version: CardVersion): string {
  const { name, parameters, type } = property;
  const { group, ...rest } = parameters;
  const usual = defaults[version][name] ?? (name.startsWith('x-') ? 'unknown' : 'text');
  const all = type === usual || type === 'unknown' ? rest : { ...rest, value: type };
  const written = Object.entries(all).map(
    ([key, value]) => `;${key.toUpperCase()}=${[value].flat().map(parameterText).join(',')}`,
  );
  const prefix = group === undefined ? '' : `${[group].flat().join()}.`;
  const values = property.values.map((value) => valueText(value, property, version));
  return `${prefix}${name.toUpperCase()}${written.join('')}:${values.join(',')}`;
}

/** RFC 6868 tells how to write what a parameter cannot hold. */
function parameterText(value: string): string {
  const text = value.replaceAll('^', '^^').replaceAll(/\r?\n/g, '^n').replaceAll('"', "^'");
  return /[:;,]/.test(text) ? `"${text}"` : text;
}

/** ical.js leaves escaped semicolons in texts of version 3.0 as they are. */
const escaped = (text: string): string =>
  text
    .replaceAll(/\\;|[\\;,]/g, (found) => (found.length > 1 ? found : `\\${found}`))
    .replaceAll(/\r?\n/g, String.raw`\n`);

function valueText(value: unknown, { name, type }: CardProperty, version: CardVersion): string {
  if (Array.isArray(value)) {
    const separator = structured.has(name) || type === 'float' ? ';' : ',';
    return value
      .map((part: unknown) =>
        [part]
          .flat()
          .map((text) => escaped(String(text)))
          .join(','),
      )
      .join(separator);
  }
  const text = String(value);
  switch (type) {
    case 'text':
    case 'phone-number':
      return escaped(text);
    case 'date':
    case 'date-time':
    case 'date-and-or-time':
    case 'timestamp':
      return version === '3.0' ? text : basicDate(text);
    case 'utc-offset':
      return offset(text, version);
    default:
      return text;
  }
}

/** Dates and times without separators, as RFC 6350 section 4.3 wants them; the dashes of an unknown year stay. */
const basicDate = (text: string): string => {
  const [date = '', ...time] = text.split('T');
  const [, unknown = '', rest = ''] = /^(-*)(.*)$/.exec(date) ?? [];
  return [unknown + rest.replaceAll('-', ''), ...time.map((part) => part.replaceAll(':', ''))].join('T');
};

function offset(text: string, version: CardVersion): string {
  const [, sign, hours, minutes = '00'] = /^([+-])(\d\d):?(\d\d)?/.exec(text) ?? [];
  if (sign === undefined) return text;
  return `${sign}${hours}${version === '3.0' ? ':' : ''}${minutes}`;
}
