import type ICAL from 'ical.js';
import { escapeXml, ns } from '../../xml/index.ts';
import type { DavContext } from '../context.ts';
import { encodePath } from '../http/request-target.ts';
import { Refusal } from '../http/refusal.ts';
import { happenings } from '../recurrence/instances.ts';
import type { Node } from '../store/node.ts';
import { isAttendeesChange } from './attendee-changes.ts';
import { attend, attendElsewhere, reply } from './attendee.ts';
import { findHeld, newScheduleTag, type Actor } from './mailbox.ts';
import { asInstance } from './merge-answer.ts';
import { masterOf } from './occurrence.ts';
import { callOff, organize } from './organizer.ts';
import {
  addressIn,
  invites,
  isServers,
  organizerOf,
  organizerProperty,
  participation,
} from './participants.ts';

/** A write of a calendar object, as scheduling sees it. */
export interface ScheduledWrite {
  readonly collection: Node;
  readonly name: string;
  readonly uid: string;
  readonly before: ICAL.Component | undefined;
  readonly after: ICAL.Component;
  /** Whether the client may not know the newest answers, and wants them kept (RFC 6638 section 3.2.10.1). */
  readonly merged: boolean;
}

export interface Scheduled {
  /** What to store instead of what was sent; undefined to store that. */
  readonly content: ICAL.Component | undefined;
  /** null for an object that takes no part in scheduling. */
  readonly scheduleTag: string | null;
}

const refuse = (name: string, message: string, inner = ''): Refusal =>
  new Refusal(403, message, { ns: ns.caldav, name, inner });

/** Checks what RFC 6638 section 3.2.4 asks of scheduling objects. @throws Refusal 403 */
export function checkScheduling(
  context: DavContext,
  { collection, name, uid, before, after }: ScheduledWrite,
): void {
  requireOneOrganizer(after);
  const organizer = organizerOf(context, after);
  const owner = collection.owner;
  const oldOrganizer = before && organizerOf(context, before);
  const wasInvited =
    before !== undefined && oldOrganizer !== undefined && oldOrganizer !== owner && invites(before, owner);
  if (wasInvited && (organizer === undefined || !invites(after, owner))) {
    throw refuse('allowed-attendee-scheduling-object-change', 'an attendee stays invited by the organiser');
  }
  if (organizer === undefined) {
    requireWholeRemoval(owner, oldOrganizer, after);
    return;
  }
  const held = findHeld(context, owner, uid);
  const takesPart = organizer === owner || invites(after, owner);
  const elsewhere = held !== undefined && (held.calendar.id !== collection.id || held.node.name !== name);
  if (takesPart && elsewhere) {
    const path = encodePath(['calendars', owner, held.calendar.name, held.node.name], false);
    const href = `<D:href>${escapeXml(path)}</D:href>`;
    throw refuse('unique-scheduling-object-resource', 'this event is in another calendar already', href);
  }
  if (oldOrganizer !== undefined && oldOrganizer !== organizer) {
    throw refuse('allowed-organizer-scheduling-object-change', 'the organiser of an event does not change');
  }
  if (organizer === owner && masterOf(after) === undefined)
    throw refuse('allowed-organizer-scheduling-object-change', 'instances need the event that they are of');
  const isAttendee = takesPart && organizer !== owner;
  if (isAttendee && oldOrganizer === undefined) requireInvitation(context, organizer, uid, owner, after);
  if (
    isAttendee &&
    before !== undefined &&
    oldOrganizer !== undefined &&
    !isAttendeesChange(before, asInstance(before, after))
  ) {
    throw refuse('allowed-attendee-scheduling-object-change', 'only the organiser may change this');
  }
}

function requireOneOrganizer(calendar: ICAL.Component): void {
  const organizers = new Set(
    happenings(calendar)
      .map((component) => addressIn(component.getFirstProperty('organizer')).toLowerCase())
      .filter((address) => address !== ''),
  );
  if (organizers.size > 1)
    throw refuse('same-organizer-in-all-components', 'components have different organisers');
}

/** Attendees without an organiser are no meeting (RFC 5545 section 3.8.4.3). */
function requireWholeRemoval(owner: string, oldOrganizer: string | undefined, after: ICAL.Component): void {
  const invited = happenings(after).some((component) => component.hasProperty('attendee'));
  if (oldOrganizer === owner && invited && organizerProperty(after) === undefined)
    throw refuse('allowed-organizer-scheduling-object-change', 'who has attendees organises');
}

/** Nobody makes up an event in the name of an organiser who would know of it (RFC 6638 section 11.5). */
function requireInvitation(
  context: DavContext,
  organizer: string,
  uid: string,
  user: string,
  after: ICAL.Component,
): void {
  const event = findHeld(context, organizer, uid)?.content;
  const isOff = happenings(after).every(
    (component) => component.getFirstPropertyValue('status') === 'CANCELLED',
  );
  if (!isOff && (event === undefined || !invites(event, user)))
    throw refuse('allowed-attendee-scheduling-object-change', 'the organiser has no such invitation');
}

/** Carries a write to the others who take part; inside its transaction. */
export function scheduleWrite(context: DavContext, actor: Actor, write: ScheduledWrite): Scheduled {
  const { collection, before, after } = write;
  const organizer = organizerOf(context, after);
  const user = collection.owner;
  if (organizer === user) return organize(context, actor, write);
  // Without an organiser it is no meeting any more.
  if (organizer === undefined && before !== undefined && organizerOf(context, before) === user)
    callOff(context, actor, user, before);
  if (!invites(after, user)) return { content: undefined, scheduleTag: null };
  if (organizer !== undefined) return attend(context, actor, write, organizer);
  const elsewhere = organizerProperty(after);
  if (elsewhere === undefined) return { content: undefined, scheduleTag: null };
  return isServers(elsewhere)
    ? attendElsewhere(write)
    : { content: undefined, scheduleTag: newScheduleTag() };
}

/** Carries a removal to the others who take part; inside its transaction. `silent` is `Schedule-Reply: F`. */
export function scheduleRemoval(
  context: DavContext,
  actor: Actor,
  collection: Node,
  uid: string,
  event: ICAL.Component,
  silent: boolean,
): void {
  const organizer = organizerOf(context, event);
  const user = collection.owner;
  if (organizer === undefined) return;
  if (organizer === user) callOff(context, actor, user, event);
  else if (!silent && invites(event, user) && !isSettled(event, user))
    reply(context, actor, { uid, event, user, organizer }, { places: undefined, declined: true });
}

/** The organiser called it off, or has the refusal already: a reply would tell nothing. */
const isSettled = (event: ICAL.Component, user: string): boolean =>
  happenings(event).every((component) => component.getFirstPropertyValue('status') === 'CANCELLED') ||
  [...participation(event, user).values()].every((status) => status === 'DECLINED');
