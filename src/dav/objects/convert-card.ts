import type ICAL from 'ical.js';
import type { CardProperty } from './card-property.ts';
import { toFour } from './card-to-four.ts';
import { toThree } from './card-to-three.ts';
import { parseCard } from './parse-card.ts';
import { writeCard, type CardVersion } from './write-card.ts';

/** Versions of vCard that the server stores and converts between. */
const cardVersions: readonly CardVersion[] = ['3.0', '4.0'];

/** The version that a text names; undefined where the server does not have it. */
export const readCardVersion = (text: string | undefined): CardVersion | undefined =>
  cardVersions.find((known) => known === text);

const versionOf = (text: string): CardVersion | undefined =>
  readCardVersion(/^VERSION:[ \t]*([\d.]+)/im.exec(text)?.[1]);

/** Of which version a card is told, and which of its properties; all that is undefined stays as it is stored. */
export interface WantedCard {
  readonly version: CardVersion | undefined;
  readonly select: ((property: CardProperty) => CardProperty | undefined) | undefined;
}

/** A card as a client wants it (RFC 6352 sections 5.1.1 and 10.4), as it is stored where that is the same. */
export function tellCard(text: string, { version, select }: WantedCard): string {
  const stored = versionOf(text);
  const told = version ?? stored ?? '3.0';
  const isOther = stored !== told;
  if (!isOther && select === undefined) return text;
  const card = parseCard(text);
  if (card === undefined) return text;
  let properties = propertiesOf(card);
  if (isOther) properties = told === '4.0' ? toFour(properties) : toThree(properties);
  else properties = properties.filter(({ name }) => name !== 'version');
  return writeCard(select === undefined ? properties : properties.flatMap((own) => select(own) ?? []), told);
}

function propertiesOf(card: ICAL.Component): CardProperty[] {
  return card.getAllProperties().map((property) => {
    // RFC 7095 section 3.3 gives this form; ical.js types it `any`.
    const [name, parameters, type, ...values] = property.toJSON() as [
      string,
      CardProperty['parameters'],
      string,
      ...unknown[],
    ];
    return { name, parameters, type, values };
  });
}
