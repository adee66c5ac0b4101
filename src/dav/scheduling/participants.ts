import type ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import { happenings } from '../recurrence/instances.ts';
import { nameIn, userOf } from './address.ts';
import { placeOf, type Place } from './occurrence.ts';

export const attendeesOf = (component: ICAL.Component): ICAL.Property[] =>
  component.getAllProperties('attendee');

export const addressIn = (property: ICAL.Property | null): string => String(property?.getFirstValue() ?? '');

/** Whether messages to somebody are the server's to send (RFC 6638 section 7.1). */
export const isServers = (property: ICAL.Property): boolean =>
  (property.getFirstParameter('schedule-agent') ?? 'SERVER').toUpperCase() === 'SERVER';

/** PARTSTAT of an ATTENDEE. */
export const statusOf = (attendee: ICAL.Property): string =>
  (attendee.getFirstParameter('partstat') ?? 'NEEDS-ACTION').toUpperCase();

/** The same for all ways to write one calendar user address. */
export const keyOf = (participant: ICAL.Property | null): string =>
  nameIn(addressIn(participant)) ?? addressIn(participant).toLowerCase();

/** Takes away what invites somebody a second time, as some clients do. */
export function inviteOnce(component: ICAL.Component): void {
  const seen = new Set<string>();
  for (const attendee of attendeesOf(component)) {
    const key = keyOf(attendee);
    if (seen.has(key)) component.removeProperty(attendee);
    seen.add(key);
  }
}

/** Gives a participant a parameter as another has it, or has not. */
export function takeParameter(from: ICAL.Property, to: ICAL.Property, name: string): void {
  const value = from.getFirstParameter(name);
  if (value === undefined) to.removeParameter(name);
  else to.setParameter(name, value);
}

/** Users of this server whom the server invites to a component, the organiser apart. */
export function invitedTo(context: DavContext, component: ICAL.Component, organizer?: string): Set<string> {
  const users = new Set<string>();
  for (const attendee of attendeesOf(component)) {
    const user = userOf(context, addressIn(attendee));
    if (isServers(attendee) && user !== undefined && user !== organizer) users.add(user);
  }
  return users;
}

/** Users of this server who are invited by any component, the organiser apart. */
export function localAttendees(context: DavContext, calendar: ICAL.Component): Set<string> {
  const organizer = organizerOf(context, calendar);
  return new Set(happenings(calendar).flatMap((component) => [...invitedTo(context, component, organizer)]));
}

/** The user of this server who organises; undefined when nobody or somebody elsewhere does. */
export function organizerOf(context: DavContext, calendar: ICAL.Component): string | undefined {
  const property = organizerProperty(calendar);
  return property !== undefined && isServers(property) ? userOf(context, addressIn(property)) : undefined;
}

/** The user who organises by name, whoever delivers. */
export const organizerName = (calendar: ICAL.Component): string | undefined => {
  const property = organizerProperty(calendar);
  return property === undefined ? undefined : nameIn(addressIn(property));
};

/** The ORGANIZER, which is the same in all components that have one. */
export const organizerProperty = (calendar: ICAL.Component): ICAL.Property | undefined =>
  happenings(calendar)
    .map((component) => component.getFirstProperty('organizer'))
    .find((property) => property !== null) ?? undefined;

/** The ATTENDEE of a user in a component. */
export const attendeeOf = (component: ICAL.Component, user: string): ICAL.Property | undefined =>
  attendeesOf(component).find((attendee) => nameIn(addressIn(attendee)) === user);

/** Whether a user is invited by any component. */
export const invites = (calendar: ICAL.Component, user: string): boolean =>
  happenings(calendar).some((component) => attendeeOf(component, user) !== undefined);

/** How a user takes part in each component, by the instance it tells of. */
export function participation(calendar: ICAL.Component, user: string): Map<Place, string> {
  const found = new Map<Place, string>();
  for (const component of happenings(calendar)) {
    const attendee = attendeeOf(component, user);
    if (attendee !== undefined) found.set(placeOf(component, calendar), statusOf(attendee));
  }
  return found;
}
