import type ICAL from 'ical.js';
import { ns } from '../../xml/index.ts';
import type { DavContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { happenings } from '../recurrence/instances.ts';
import type { Node } from '../store/node.ts';
import { isAttendeesChange } from './attendee-changes.ts';
import { answersDiffer, asksToReply, noteReply, reply } from './attendee.ts';
import { copyOf } from './itip.ts';
import { findHeld, newScheduleTag, type Actor } from './mailbox.ts';
import { askAgain, cancel, inviteAttendees, noteDelivery } from './organizer.ts';
import { addressIn, attendeeOf, localAttendees, organizerOf, participation } from './participants.ts';

/** A write of a calendar object, as scheduling sees it. */
export interface ScheduledWrite {
  readonly collection: Node;
  readonly name: string;
  readonly uid: string;
  readonly before: ICAL.Component | undefined;
  readonly after: ICAL.Component;
}

export interface Scheduled {
  /** What to store instead of what was sent; undefined to store that. */
  readonly content: ICAL.Component | undefined;
  /** null for an object that takes no part in scheduling. */
  readonly scheduleTag: string | null;
}

const refuse = (name: string, message: string): Refusal => new Refusal(403, message, { ns: ns.caldav, name });

/** Checks what RFC 6638 section 3.2.4 asks of scheduling objects. @throws Refusal 403 */
export function checkScheduling(
  context: DavContext,
  { collection, name, uid, before, after }: ScheduledWrite,
): void {
  const components = happenings(after);
  const organizers = new Set(
    components
      .map((component) => addressIn(component.getFirstProperty('organizer')).toLowerCase())
      .filter((address) => address !== ''),
  );
  if (organizers.size > 1)
    throw refuse('same-organizer-in-all-components', 'components have different organisers');
  const organizer = organizerOf(context, after);
  const owner = collection.owner;
  const oldOrganizer = before && organizerOf(context, before);
  const wasInvited =
    before !== undefined &&
    oldOrganizer !== undefined &&
    oldOrganizer !== owner &&
    invites(context, before, owner);
  if (wasInvited && (organizer === undefined || !invites(context, after, owner))) {
    throw refuse('allowed-attendee-scheduling-object-change', 'an attendee stays invited by the organiser');
  }
  if (organizer === undefined) return;
  const held = findHeld(context, owner, uid);
  const takesPart = organizer === owner || invites(context, after, owner);
  const elsewhere = held !== undefined && (held.calendar.id !== collection.id || held.node.name !== name);
  if (takesPart && elsewhere)
    throw refuse('unique-scheduling-object-resource', 'this event is in another calendar already');
  if (oldOrganizer !== undefined && oldOrganizer !== organizer) {
    throw refuse('allowed-organizer-scheduling-object-change', 'the organiser of an event does not change');
  }
  const isAttendee = takesPart && organizer !== owner;
  if (isAttendee && before !== undefined && oldOrganizer !== undefined && !isAttendeesChange(before, after)) {
    throw refuse('allowed-attendee-scheduling-object-change', 'only the organiser may change this');
  }
}

const invites = (context: DavContext, event: ICAL.Component, user: string): boolean =>
  happenings(event).some((component) => attendeeOf(context, component, user) !== undefined);

/** Carries a write to the others who take part; inside its transaction. */
export function scheduleWrite(context: DavContext, actor: Actor, write: ScheduledWrite): Scheduled {
  const { collection, uid, before, after } = write;
  const organizer = organizerOf(context, after);
  const user = collection.owner;
  if (organizer === undefined) {
    // Without an organiser it is no meeting any more.
    if (before !== undefined && organizerOf(context, before) === user)
      cancel(context, actor, uid, before, localAttendees(context, before));
    return { content: undefined, scheduleTag: null };
  }
  if (organizer === user) return organize(context, actor, write);
  if (!invites(context, after, user)) return { content: undefined, scheduleTag: null };
  if (!answersDiffer(context, before, after, user) && !asksToReply(after))
    return { content: undefined, scheduleTag: newScheduleTag() };
  const { event } = reply(context, actor, uid, after, user, organizer, false);
  if (event !== undefined) context.refresher.schedule(context, uid, organizer, event, user);
  return { content: noteReply(after), scheduleTag: newScheduleTag() };
}

function organize(
  context: DavContext,
  actor: Actor,
  { collection, uid, before, after }: ScheduledWrite,
): Scheduled {
  const content = copyOf(after);
  const reset = askAgain(context, before, content, collection.owner);
  inviteAttendees(context, actor, uid, before, copyOf(content));
  const noted = noteDelivery(context, content, collection.owner);
  return { content: noted || reset ? content : undefined, scheduleTag: newScheduleTag() };
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
  if (organizer === user) {
    cancel(context, actor, uid, event, localAttendees(context, event));
    return;
  }
  if (silent || !invites(context, event, user) || isSettled(context, event, user)) return;
  const { event: updated } = reply(context, actor, uid, event, user, organizer, true);
  if (updated !== undefined) context.refresher.schedule(context, uid, organizer, updated, user);
}

/** The organiser called it off, or has the refusal already: a reply would tell nothing. */
const isSettled = (context: DavContext, event: ICAL.Component, user: string): boolean =>
  happenings(event).every((component) => component.getFirstPropertyValue('status') === 'CANCELLED') ||
  [...participation(context, event, user).values()].every((status) => status === 'DECLINED');
