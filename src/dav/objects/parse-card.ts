import ICAL from 'ical.js';
import { withoutMark } from './without-mark.ts';

/** Gives parameters of the vCard 2.1 form, as in `PHOTO;BASE64:`, the name that later versions ask for. */
const namedParameters = (text: string): string =>
  text.replaceAll(/^[^\s:;"]+;[^:"\r\n]*(?=:)/gm, (head) =>
    head
      .split(';')
      .map((part, index) => (index === 0 || part.includes('=') ? part : nameParameter(part)))
      .join(';'),
  );

const nameParameter = (value: string): string =>
  `${value.toUpperCase() === 'BASE64' ? 'ENCODING' : 'TYPE'}=${value}`;

/** Parses one vCard; undefined when the text is anything else. */
export function parseCard(text: string): ICAL.Component | undefined {
  const bare = withoutMark(text);
  return parse(bare) ?? parse(namedParameters(bare));
}

function parse(text: string): ICAL.Component | undefined {
  try {
    const parsed: unknown = ICAL.parse(text);
    if (!Array.isArray(parsed) || typeof parsed[0] !== 'string') return undefined;
    const component = new ICAL.Component(parsed);
    return component.name === 'vcard' ? component : undefined;
  } catch {
    return undefined;
  }
}
