import type ICAL from 'ical.js';
import { ns } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import type { DavLimits } from '../options.ts';
import { boundsOf, isEndless, type Bounds } from '../recurrence/bounds.ts';
import { everything, happenings, instancesOf } from '../recurrence/instances.ts';
import { namedZone } from '../recurrence/zone.ts';
import { parseCalendar } from './parse-calendar.ts';
import { hasRealTimes } from './real-times.ts';

export interface CalendarObject extends Bounds {
  readonly calendar: ICAL.Component;
  /** `VEVENT`, `VTODO`, ... */
  readonly component: string;
  readonly uid: string;
}

const refuse = (name: string, message: string): Refusal => new Refusal(403, message, { ns: ns.caldav, name });

const served = new Set(['vevent', 'vtodo', 'vjournal', 'vfreebusy', 'vavailability', 'vpoll']);
// 1900 and 2100, as the collection properties min-date-time and max-date-time say.
const minMs = Date.UTC(1900, 0, 1);
const maxMs = Date.UTC(2100, 0, 1);

/**
 * Checks what is PUT into a calendar (RFC 4791 section 5.3.2.1). `scheduling` allows a METHOD, as in an inbox.
 * @throws Refusal 403 with the precondition that fails
 */
export function readCalendarObject(text: string, limits: DavLimits, scheduling = false): CalendarObject {
  const calendar = parseCalendar(text);
  if (calendar === undefined) throw refuse('valid-calendar-data', 'not an iCalendar object');
  const version = calendar.getFirstPropertyValue('version');
  if (version !== null && version !== '2.0') throw refuse('supported-calendar-data', 'not iCalendar 2.0');
  if (!scheduling && calendar.hasProperty('method')) {
    throw refuse('valid-calendar-object-resource', 'a calendar object has no METHOD');
  }
  const components = happenings(calendar);
  const [first] = components;
  if (first === undefined) throw refuse('valid-calendar-object-resource', 'no component but time zones');
  if (components.some(({ name }) => name !== first.name)) {
    throw refuse('valid-calendar-object-resource', 'components of several types');
  }
  if (!served.has(first.name)) throw refuse('supported-calendar-component', `${first.name} is not served`);
  const uids = new Set(components.map((component) => component.getFirstPropertyValue('uid')));
  const [uid] = uids;
  if (uids.size !== 1 || typeof uid !== 'string' || uid === '') {
    throw refuse('valid-calendar-object-resource', 'all components need the same UID');
  }
  checkComponents(components);
  if (!scheduling) checkZones(calendar);
  try {
    checkTimes(calendar, limits);
    return { calendar, component: first.name.toUpperCase(), uid, ...boundsOf(calendar, limits.maxInstances) };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw refuse('valid-calendar-data', 'a time or a recurrence rule is not valid');
  }
}

function checkComponents(components: readonly ICAL.Component[]): void {
  const ids = components.map((component) => String(component.getFirstPropertyValue('recurrence-id') ?? ''));
  if (new Set(ids).size !== ids.length)
    throw refuse('valid-calendar-object-resource', 'two components for one instance');
  for (const component of components) {
    if (component.name === 'vevent' && !component.hasProperty('dtstart')) {
      throw refuse('valid-calendar-data', 'an event needs DTSTART');
    }
    if (component.hasProperty('dtend') && component.hasProperty('duration')) {
      throw refuse('valid-calendar-data', 'DTEND and DURATION exclude each other');
    }
    for (const name of [
      'dtstart',
      'dtend',
      'due',
      'duration',
      'uid',
      'recurrence-id',
      'organizer',
      'sequence',
    ]) {
      if (component.getAllProperties(name).length > 1)
        throw refuse('valid-calendar-data', `${name} must be unique`);
    }
  }
}

/** A TZID that nothing describes and nobody knows makes every time a guess (RFC 7809 section 3.1.4). */
function checkZones(calendar: ICAL.Component): void {
  const described = new Set(
    calendar.getAllSubcomponents('vtimezone').map((zone) => String(zone.getFirstPropertyValue('tzid'))),
  );
  for (const component of happenings(calendar)) {
    for (const property of component.getAllProperties()) {
      const id = property.getFirstParameter('tzid');
      if (id !== undefined && id !== '' && !described.has(id) && namedZone(id) === undefined)
        throw refuse('valid-timezone', `nothing tells what the time zone ${id} is`);
    }
  }
}

function checkTimes(calendar: ICAL.Component, limits: DavLimits): void {
  for (const component of happenings(calendar)) {
    if (!hasRealTimes(component)) throw refuse('valid-calendar-data', 'a time that there is not');
    if (component.getAllProperties('attendee').length > limits.maxAttendees) {
      throw refuse('max-attendees-per-instance', `more than ${limits.maxAttendees} attendees`);
    }
  }
  const instances = instancesOf(calendar, everything, limits.maxInstances + 1);
  const [first] = instances;
  if (first?.start === undefined) return;
  if (first.startMs < minMs) throw refuse('min-date-time', 'starts before 1900');
  if (first.startMs > maxMs) throw refuse('max-date-time', 'starts after 2100');
  if (instances.length > limits.maxInstances && !isEndless(calendar)) {
    throw refuse('max-instances', `recurs more than ${limits.maxInstances} times`);
  }
}
