import type ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import { happenings } from '../recurrence/instances.ts';
import { userOf } from './address.ts';
import { copyOf, invitation, withMethod } from './itip.ts';
import { deliver, findHeld, newScheduleTag, place, placeEvent, type Actor } from './mailbox.ts';
import { addressIn, attendeesOf, attendeeOf, localAttendees, recurrenceKey } from './participants.ts';
import { tellsTheSame } from './significance.ts';

/** Tells every attendee on this server about a new or changed event, and those no longer invited that it is off. */
export function inviteAttendees(
  context: DavContext,
  actor: Actor,
  uid: string,
  before: ICAL.Component | undefined,
  after: ICAL.Component,
): void {
  const invited = localAttendees(context, after);
  for (const user of invited) {
    const event = invitation(context, after, user);
    const known = before && localAttendees(context, before).has(user) && invitation(context, before, user);
    if (known && tellsTheSame(known, event) && !isForced(context, after, user)) continue;
    deliver(context, actor, user, withMethod(event, 'REQUEST'));
    placeEvent(context, actor, user, withOwnAlarms(context, event, user, uid), uid);
  }
  if (before === undefined) return;
  const dropped = [...localAttendees(context, before)].filter((user) => !invited.has(user));
  cancel(context, actor, uid, before, dropped);
}

/** The organiser asks by SCHEDULE-FORCE-SEND to tell an attendee again (RFC 6638 section 7.2). */
const isForced = (context: DavContext, event: ICAL.Component, user: string): boolean =>
  happenings(event).some((component) => {
    const attendee = attendeeOf(context, component, user);
    return attendee?.getFirstParameter('schedule-force-send')?.toUpperCase() === 'REQUEST';
  });

/** Tells attendees that an event is off; their copies stay, marked, until they take note and remove them. */
export function cancel(
  context: DavContext,
  actor: Actor,
  uid: string,
  event: ICAL.Component,
  users: Iterable<string>,
): void {
  for (const user of users) {
    deliver(context, actor, user, withMethod(invitation(context, event, user), 'CANCEL'));
    const held = findHeld(context, user, uid);
    if (held === undefined) continue;
    const content = copyOf(held.content);
    for (const component of happenings(content)) component.updatePropertyWithValue('status', 'CANCELLED');
    place(context, actor, {
      parent: held.calendar,
      name: held.node.name,
      content,
      scheduleTag: newScheduleTag(),
    });
  }
}

const timing = ['dtstart', 'dtend', 'duration', 'due', 'rrule', 'rdate'];

const timesOf = (component: ICAL.Component): string =>
  timing
    .flatMap((name) => component.getAllProperties(name).map((property) => property.toICALString()))
    .join();

/** Who agreed to another time has not agreed to this one: their answers are asked for again. */
export function askAgain(
  context: DavContext,
  before: ICAL.Component | undefined,
  after: ICAL.Component,
  organizer: string,
): boolean {
  const old = new Map(
    happenings(before ?? after).map((component) => [recurrenceKey(component), timesOf(component)]),
  );
  let changed = false;
  for (const component of happenings(after)) {
    const was = old.get(recurrenceKey(component));
    if (was === undefined || was === timesOf(component)) continue;
    for (const attendee of attendeesOf(component)) {
      if (attendee === attendeeOf(context, component, organizer)) continue;
      attendee.setParameter('partstat', 'NEEDS-ACTION');
      changed = true;
    }
  }
  return changed;
}

/** Alarms are each attendee's own and outlive updates by the organiser (RFC 6638 section 3.2.2.1). */
function withOwnAlarms(
  context: DavContext,
  event: ICAL.Component,
  user: string,
  uid: string,
): ICAL.Component {
  const held = findHeld(context, user, uid);
  const result = copyOf(event);
  const old = held && happenings(held.content)[0];
  const [master] = happenings(result);
  for (const alarm of old?.getAllSubcomponents('valarm') ?? []) master?.addSubcomponent(copyOf(alarm));
  const status = old?.getFirstProperty('organizer')?.getFirstParameter('schedule-status');
  if (status !== undefined) master?.getFirstProperty('organizer')?.setParameter('schedule-status', status);
  return result;
}

/** Notes on each ATTENDEE whether the message got through (RFC 6638 section 3.2.9). @returns whether it changed anything */
export function noteDelivery(context: DavContext, calendar: ICAL.Component, organizer: string): boolean {
  let changed = false;
  for (const component of happenings(calendar)) {
    for (const attendee of attendeesOf(component)) {
      const agent = (attendee.getFirstParameter('schedule-agent') ?? 'SERVER').toUpperCase();
      const user = userOf(context, addressIn(attendee));
      if (agent !== 'SERVER' || attendee === attendeeOf(context, component, organizer)) continue;
      attendee.removeParameter('schedule-force-send');
      attendee.setParameter('schedule-status', user === undefined ? '3.7' : '1.2');
      changed = true;
    }
  }
  return changed;
}
