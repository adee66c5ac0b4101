import ICAL from 'ical.js';
import { copyOf } from '../objects/copy-component.ts';
import { happenings } from '../recurrence/instances.ts';
import { componentAt, deriveInstance, masterOf, placeOf, type Place } from './occurrence.ts';
import { attendeeOf, attendeesOf } from './participants.ts';
import { withoutAlarms, withoutDelivery, withoutPrivate } from './view.ts';

export const textOf = (calendar: ICAL.Component): string => `${calendar.toString()}\r\n`;

type Method = 'REQUEST' | 'CANCEL' | 'REPLY';

/** An iTIP message with the content of a calendar, told now (RFC 6638 section 3.2.5). */
export function messageOf(calendar: ICAL.Component, method: Method, nowMs: number): ICAL.Component {
  const result = copyOf(calendar);
  result.updatePropertyWithValue('method', method);
  for (const component of happenings(result))
    component.updatePropertyWithValue('dtstamp', ICAL.Time.fromJSDate(new Date(nowMs), true));
  return result;
}

/** What a CANCEL tells of each component (RFC 5546 section 3.2.5). */
const kept = new Set([
  'uid',
  'dtstamp',
  'sequence',
  'organizer',
  'recurrence-id',
  'summary',
  'dtstart',
  'dtend',
  'duration',
  'due',
  'rrule',
  'rdate',
  'exdate',
]);

export interface Cancellation {
  /** Which instances; undefined stands for all. */
  readonly places: ReadonlySet<Place>;
  /** Whether they are off for everybody: then they say so, which they must not for one attendee alone. */
  readonly off: boolean;
}

/**
 * A CANCEL for an attendee of an event, with its SEQUENCE raised; undefined when the event has nothing to cancel.
 * @param before the event as it was when the attendee was invited
 */
export function cancelOf(
  before: ICAL.Component,
  user: string,
  { places, off }: Cancellation,
  nowMs: number,
): ICAL.Component | undefined {
  const whole = places.has(undefined);
  const cancelled = whole
    ? [masterOf(before) ?? happenings(before)].flat()
    : [...places].flatMap(
        (place) =>
          componentAt(before, place) ?? (place === undefined ? [] : (deriveInstance(before, place) ?? [])),
      );
  if (cancelled.length === 0) return undefined;
  const result = copyOf(before);
  for (const component of happenings(result)) result.removeSubcomponent(component);
  withoutPrivate(result);
  const anywhere = happenings(before)
    .map((component) => attendeeOf(component, user))
    .find((attendee) => attendee !== undefined);
  for (const component of cancelled.map(copyOf)) {
    withoutDelivery(component);
    withoutAlarms(component);
    const own =
      attendeeOf(component, user) ?? (anywhere && new ICAL.Property(structuredClone(anywhere.toJSON())));
    for (const property of component.getAllProperties())
      if (!kept.has(property.name)) component.removeProperty(property);
    if (own !== undefined) component.addProperty(own);
    component.updatePropertyWithValue('sequence', sequenceOf(component) + 1);
    if (off) component.updatePropertyWithValue('status', 'CANCELLED');
    result.addSubcomponent(component);
    withoutDelivery(component);
  }
  return messageOf(result, 'CANCEL', nowMs);
}

export const uidOf = (calendar: ICAL.Component): string =>
  String(happenings(calendar)[0]?.getFirstPropertyValue('uid') ?? '');

/** SEQUENCE of a component, 0 where it has none (RFC 5545 section 3.8.7.4). */
export const sequenceOf = (component: ICAL.Component): number => {
  const value: unknown = component.getFirstPropertyValue('sequence');
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
};

export interface Answer {
  /** Of which components; undefined stands for all. */
  readonly places: ReadonlySet<Place> | undefined;
  /** Whether the attendee takes part in none of it, whatever it says. */
  readonly declined: boolean;
}

/** A REPLY that tells how one attendee takes part (RFC 5546 section 3.2.3). */
export function replyOf(
  calendar: ICAL.Component,
  user: string,
  { places, declined }: Answer,
  nowMs: number,
): ICAL.Component {
  const result = messageOf(calendar, 'REPLY', nowMs);
  withoutPrivate(result);
  const all = places === undefined || places.has(undefined);
  for (const component of happenings(result)) {
    const own = attendeeOf(component, user);
    if (own === undefined || !(all || places.has(placeOf(component, result)))) {
      result.removeSubcomponent(component);
      continue;
    }
    if (declined) own.setParameter('partstat', 'DECLINED');
    withoutDelivery(component);
    withoutAlarms(component);
    for (const attendee of attendeesOf(component)) if (attendee !== own) component.removeProperty(attendee);
    component.updatePropertyWithValue('request-status', ['2.0', 'Success']);
  }
  return result;
}
