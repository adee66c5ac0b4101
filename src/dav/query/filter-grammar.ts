import { child, children, ns, type XmlElement } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import { nameOf } from './property-filter.ts';

/** Components that iCalendar knows, by where they stand (RFC 5545 section 3.6, RFC 7953). */
const inside: Readonly<Record<string, readonly string[]>> = {
  VCALENDAR: ['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY', 'VTIMEZONE', 'VAVAILABILITY', 'VPOLL'],
  VEVENT: ['VALARM'],
  VTODO: ['VALARM'],
  VTIMEZONE: ['STANDARD', 'DAYLIGHT'],
  VAVAILABILITY: ['AVAILABLE'],
};
const known = new Set(['VCALENDAR', ...Object.values(inside).flat()]);

/** What a time range can be asked of (RFC 4791 section 9.9). */
const timed = new Set([
  'VEVENT',
  'VTODO',
  'VJOURNAL',
  'VFREEBUSY',
  'VALARM',
  'VAVAILABILITY',
  'AVAILABLE',
  'VPOLL',
]);
const timedProperty =
  /^(?:COMPLETED|CREATED|DTEND|DTSTAMP|DTSTART|DUE|EXDATE|LAST-MODIFIED|RDATE|RECURRENCE-ID|TRIGGER|ACKNOWLEDGED|X-.*)$/;

const refuse = (message: string): Refusal =>
  new Refusal(403, message, { ns: ns.caldav, name: 'valid-filter' });

/** Refuses a `comp-filter` that asks what no calendar object can have. @throws Refusal 403 valid-filter */
export function checkFilter(filter: XmlElement): void {
  const name = nameOf(filter).toUpperCase();
  if (child(filter, ns.caldav, 'time-range') !== undefined && !timed.has(name)) {
    throw refuse(`${name} has no time that a range could overlap`);
  }
  for (const property of children(filter, ns.caldav, 'prop-filter')) {
    const range = child(property, ns.caldav, 'time-range');
    if (range !== undefined && !timedProperty.test(nameOf(property).toUpperCase())) {
      throw refuse(`${nameOf(property)} is not a time`);
    }
  }
  for (const part of children(filter, ns.caldav, 'comp-filter')) {
    const inner = nameOf(part).toUpperCase();
    if (known.has(inner) && !(inside[name] ?? []).includes(inner)) {
      throw refuse(`${inner} is never inside ${name}`);
    }
    checkFilter(part);
  }
}
