import type ICAL from 'ical.js';
import { happenings } from '../recurrence/instances.ts';
import { addressIn, attendeesOf, recurrenceKey } from './participants.ts';

/** What only the organiser changes; the rest is an attendee's own or does no harm (RFC 6638 section 3.2.2.1). */
const organizers = [
  'dtstart',
  'dtend',
  'duration',
  'due',
  'rrule',
  'rdate',
  'summary',
  'location',
  'organizer',
];

const valuesOf = (component: ICAL.Component, name: string): string =>
  component
    .getAllProperties(name)
    .map((property) => String(property.getValues()))
    .sort()
    .join('\n')
    .toLowerCase();

const invited = (component: ICAL.Component): string =>
  attendeesOf(component)
    .map((attendee) => addressIn(attendee).toLowerCase())
    .sort()
    .join('\n');

/** Whether an attendee changed only what attendees may change. */
export function isAttendeesChange(before: ICAL.Component, after: ICAL.Component): boolean {
  const old = new Map(happenings(before).map((component) => [recurrenceKey(component), component]));
  return happenings(after).every((component) => {
    const was = old.get(recurrenceKey(component));
    if (was === undefined) return old.has('');
    return (
      invited(was) === invited(component) &&
      organizers.every((name) => valuesOf(was, name) === valuesOf(component, name))
    );
  });
}
