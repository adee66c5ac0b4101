import type ICAL from 'ical.js';
import { ns, parseXml, type XmlElement } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import { unavailablePeriods } from '../objects/availability.ts';
import { parseCalendar } from '../objects/parse-calendar.ts';
import { everything } from '../recurrence/instances.ts';
import { utcZone } from '../recurrence/zone.ts';
import type { Resource } from '../tree/resource.ts';
import { propertyKey, type LiveProperty, type View } from './property.ts';
import { storedProperty } from './stored.ts';

const name = 'calendar-availability';
/** That of RFC 7953, and the older one of Apple's. */
const spaces = [ns.caldav, ns.calendarserver];

function read(text: string): ICAL.Component | undefined {
  const calendar = parseCalendar(text.trim());
  const parts = calendar?.getAllSubcomponents().map((part) => part.name) ?? [];
  const isAvailability =
    parts.includes('vavailability') &&
    parts.every((part) => part === 'vavailability' || part === 'vtimezone');
  return isAvailability ? calendar : undefined;
}

function check(value: XmlElement): Refusal | undefined {
  const refused = new Refusal(403, 'not an iCalendar object with VAVAILABILITY', {
    ns: ns.caldav,
    name: 'valid-calendar-data',
  });
  const calendar = read(value.text);
  if (calendar === undefined) return refused;
  try {
    unavailablePeriods([calendar], everything, 1, utcZone);
    return undefined;
  } catch {
    return refused;
  }
}

/** When the owner of an inbox wants to be asked for at all (RFC 7953 section 7.2.4). */
export const availabilityProperties: readonly LiveProperty[] = spaces.map((uri) =>
  storedProperty({ ns: uri, name, on: ({ content }) => content.kind === 'inbox', check }),
);

/** What an inbox tells of the availability of its owner. */
export function availabilityOf(inbox: Resource, view: View): ICAL.Component | undefined {
  const stored = spaces
    .map((uri) => view.stored(inbox).get(propertyKey(uri, name)))
    .find((value) => value !== undefined);
  return stored === undefined ? undefined : read(parseXml(stored).text);
}
