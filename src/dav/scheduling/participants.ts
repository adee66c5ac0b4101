import ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import { happenings } from '../recurrence/instances.ts';
import { userOf } from './address.ts';

export const attendeesOf = (component: ICAL.Component): ICAL.Property[] =>
  component.getAllProperties('attendee');

export const addressIn = (property: ICAL.Property | null): string => String(property?.getFirstValue() ?? '');

/** Users of this server who are invited by any component, the organiser apart. */
export function localAttendees(context: DavContext, calendar: ICAL.Component): Set<string> {
  const organizer = organizerOf(context, calendar);
  const users = new Set<string>();
  for (const component of happenings(calendar)) {
    for (const attendee of attendeesOf(component)) {
      const agent = (attendee.getFirstParameter('schedule-agent') ?? 'SERVER').toUpperCase();
      const user = userOf(context, addressIn(attendee));
      if (agent === 'SERVER' && user !== undefined && user !== organizer) users.add(user);
    }
  }
  return users;
}

/** The user of this server who organises; undefined when nobody or somebody elsewhere does. */
export function organizerOf(context: DavContext, calendar: ICAL.Component): string | undefined {
  for (const component of happenings(calendar)) {
    const property = component.getFirstProperty('organizer');
    if (property === null) continue;
    const agent = (property.getFirstParameter('schedule-agent') ?? 'SERVER').toUpperCase();
    return agent === 'SERVER' ? userOf(context, addressIn(property)) : undefined;
  }
  return undefined;
}

/** The ATTENDEE of a user in a component. */
export const attendeeOf = (
  context: DavContext,
  component: ICAL.Component,
  user: string,
): ICAL.Property | undefined =>
  attendeesOf(component).find((attendee) => userOf(context, addressIn(attendee)) === user);

/** How a user takes part in each component, by its RECURRENCE-ID. */
export function participation(
  context: DavContext,
  calendar: ICAL.Component,
  user: string,
): Map<string, string> {
  const found = new Map<string, string>();
  for (const component of happenings(calendar)) {
    const attendee = attendeeOf(context, component, user);
    if (attendee === undefined) continue;
    found.set(
      recurrenceKey(component),
      (attendee.getFirstParameter('partstat') ?? 'NEEDS-ACTION').toUpperCase(),
    );
  }
  return found;
}

export const recurrenceKey = (component: ICAL.Component): string => {
  const id: unknown = component.getFirstPropertyValue('recurrence-id');
  return id instanceof ICAL.Time ? String(id.toUnixTime()) : '';
};
