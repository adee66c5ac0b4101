import type ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import { copyOf } from '../objects/copy-component.ts';
import { happenings } from '../recurrence/instances.ts';
import { nameIn, userOf } from './address.ts';
import { addCalledOff, calledOff, cancellations, type Cancelled } from './cancellations.ts';
import { differences } from './differences.ts';
import { cancelOf, uidOf } from './itip.ts';
import { newScheduleTag, type Actor } from './mailbox.ts';
import { type Place } from './occurrence.ts';
import {
  askAgain,
  askEverybody,
  isAnotherSeries,
  keepAnswers,
  keepSequence,
  raiseSequence,
  ruleChange,
  tidy,
  wantAnswers,
} from './organizer-rules.ts';
import { addressIn, attendeeOf, attendeesOf, isServers, localAttendees } from './participants.ts';
import { receiveCancel } from './receive-cancel.ts';
import { createRequests, type DeliveryStatus } from './receive-request.ts';
import type { Scheduled, ScheduledWrite } from './schedule.ts';
import { changedPart, viewsOf } from './view.ts';

/** A meeting whose organiser's copy changes. */
interface Meeting {
  readonly context: DavContext;
  readonly actor: Actor;
  readonly organizer: string;
  readonly uid: string;
  /** Who was sent a message, and how that went. */
  readonly told: Map<string, DeliveryStatus>;
}

/** Carries what an organiser stores to the attendees on this server; inside the transaction of the write. */
export function organize(context: DavContext, actor: Actor, write: ScheduledWrite): Scheduled {
  const { collection, uid, before, after, merged } = write;
  const organizer = collection.owner;
  const meeting: Meeting = { context, actor, organizer, uid, told: new Map() };
  const content = copyOf(after);
  tidy(content);
  if (before === undefined) {
    askEverybody(content, organizer);
    wantAnswers(content, organizer);
    invite(meeting, undefined, content, new Set());
  } else {
    keepAnswers(before, content, organizer, merged);
    keepSequence(before, content);
    change(meeting, before, content);
  }
  note(meeting, content, before === undefined);
  return {
    content: content.toString() === after.toString() ? undefined : content,
    scheduleTag: newScheduleTag(),
  };
}

function change(meeting: Meeting, before: ICAL.Component, content: ICAL.Component): void {
  const { context, organizer } = meeting;
  const changes = differences(before, content);
  const rule = ruleChange(before, content);
  const anew = isAnotherSeries(changes, rule, content);
  const cancelled = cancellations(context, organizer, before, content, anew);
  const off = calledOff(changes, content);
  addCalledOff(context, organizer, content, off.places, cancelled);
  const isTold = changes.size > 0 || cancelled.size > 0 || isNewlyInvited(context, before, content);
  if (isTold) {
    raiseSequence(before, content);
    askAgain(before, content, organizer, changes, rule);
    wantAnswers(content, organizer);
  }
  tellCancelled(meeting, before, cancelled, off.places.size > 0);
  const changed = [...changes].filter(([, { kind }]) => kind !== 'removed').map(([place]) => place);
  invite(meeting, before, content, new Set(off.only ? [] : changed));
}

/** Sends what changed of an event to all whom that concerns, and all of it to whom it is new or shall be sent anyway. */
function invite(
  { context, actor, organizer, uid, told }: Meeting,
  before: ICAL.Component | undefined,
  content: ICAL.Component,
  places: ReadonlySet<Place>,
): void {
  const views = viewsOf(context, content);
  const parts = new Map<ICAL.Component, ICAL.Component | undefined>();
  const requests = createRequests(context, actor, organizer, uid);
  const knew = before === undefined ? new Set<string>() : localAttendees(context, before);
  for (const user of localAttendees(context, content)) {
    const view = views(user);
    if (!parts.has(view)) parts.set(view, changedPart(view, places));
    const part = !knew.has(user) || isForced(content, user) ? view : parts.get(view);
    if (part !== undefined) told.set(user, requests.send(user, part));
  }
}

/** Whether somebody is invited whom the server did not invite before, such as one whom the client took care of. */
function isNewlyInvited(context: DavContext, before: ICAL.Component, content: ICAL.Component): boolean {
  const knew = localAttendees(context, before);
  return [...localAttendees(context, content)].some((user) => !knew.has(user));
}

/** The organiser asks by SCHEDULE-FORCE-SEND to tell an attendee again (RFC 6638 section 7.2). */
const isForced = (event: ICAL.Component, user: string): boolean =>
  happenings(event).some(
    (component) =>
      attendeeOf(component, user)?.getFirstParameter('schedule-force-send')?.toUpperCase() === 'REQUEST',
  );

function tellCancelled(
  { context, actor, organizer, told }: Meeting,
  before: ICAL.Component,
  cancelled: Cancelled,
  off: boolean,
): void {
  for (const [user, places] of cancelled) {
    const message = cancelOf(before, user, { places, off }, context.now());
    if (message === undefined) continue;
    receiveCancel(context, actor, organizer, user, message);
    told.set(user, '1.2');
  }
}

/** Tells all attendees that an event is off, as the organiser removes it. */
export function callOff(context: DavContext, actor: Actor, organizer: string, event: ICAL.Component): void {
  const whole: Cancelled = new Map(
    [...localAttendees(context, event)].map((user) => [user, new Set([undefined])]),
  );
  const last = copyOf(event);
  // The removal is a change of its own.
  raiseSequence(event, last);
  tellCancelled({ context, actor, organizer, uid: uidOf(event), told: new Map() }, last, whole, true);
}

/**
 * Notes on each ATTENDEE who was sent a message whether it got through (RFC 6638 section 3.2.9), and takes away what
 * asked for one. Those who are not known here are noted when the event is new, or asks for it.
 */
function note({ context, organizer, told }: Meeting, calendar: ICAL.Component, isNew: boolean): void {
  for (const component of happenings(calendar)) {
    for (const attendee of attendeesOf(component)) {
      const forced = attendee.getFirstParameter('schedule-force-send');
      if (forced !== undefined) attendee.removeParameter('schedule-force-send');
      const address = addressIn(attendee);
      if (nameIn(address) === organizer) continue;
      const user = userOf(context, address);
      const isFirst = isNew || attendee.getFirstParameter('schedule-status') === undefined;
      const isUnknown = isServers(attendee) && (isFirst || forced !== undefined);
      const status = user !== undefined ? told.get(user) : isUnknown ? '3.7' : undefined;
      if (status !== undefined) attendee.setParameter('schedule-status', status);
      // RFC 6638 section 7.2: one that is not known is told as such.
      if (forced !== undefined && forced.toUpperCase() !== 'REQUEST')
        attendee.setParameter('schedule-status', '2.3');
    }
  }
}
