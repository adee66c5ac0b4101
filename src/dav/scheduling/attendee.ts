import type ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import { copyOf } from '../objects/copy-component.ts';
import { happenings } from '../recurrence/instances.ts';
import { replyOf, type Answer } from './itip.ts';
import { findHeld, newScheduleTag, type Actor } from './mailbox.ts';
import { asInstance, mergeAnswer } from './merge-answer.ts';
import { componentAt, componentsByPlace, masterOf, placeOf } from './occurrence.ts';
import { attendeeOf, organizerProperty, participation, statusOf } from './participants.ts';
import { receiveReply } from './receive-reply.ts';
import type { Scheduled, ScheduledWrite } from './schedule.ts';
import { viewsOf } from './view.ts';

/** Carries what an attendee stores to the organiser on this server; inside the transaction of the write. */
export function attend(
  context: DavContext,
  actor: Actor,
  { collection, uid, before, after, merged }: ScheduledWrite,
  organizer: string,
): Scheduled {
  const user = collection.owner;
  const event = findHeld(context, organizer, uid)?.content;
  // An event that comes another way than by the server is compared with what the organiser has (section 3.2.2.2).
  const old = before ?? (event && viewsOf(context, event)(user));
  const sent = old === undefined ? after : asInstance(old, after);
  const { content, answers, changed } = mergeAnswer(old ?? sent, sent, user, merged);
  const forced = asksToReply(content);
  if (changed.size > 0) busyOnceAccepted(old ?? sent, content, event, user);
  if (changed.size > 0 || forced) {
    const places = forced || old === undefined ? undefined : changed;
    reply(context, actor, { uid, event: answers, user, organizer }, { places, declined: false });
    noteReply(content);
  }
  const same = content.toString() === after.toString();
  return { content: same ? undefined : content, scheduleTag: newScheduleTag() };
}

/** An attendee whose organiser is not known here: nobody can be told of an answer (RFC 6638 section 3.2.9). */
export function attendElsewhere({ collection, before, after }: ScheduledWrite): Scheduled {
  const user = collection.owner;
  const old = before && participation(before, user);
  const answers = [...participation(after, user)];
  if (
    old === undefined ||
    answers.every(([place, status]) => (old.get(place) ?? old.get(undefined)) === status)
  )
    return { content: undefined, scheduleTag: newScheduleTag() };
  const content = copyOf(after);
  for (const component of happenings(content))
    component.getFirstProperty('organizer')?.setParameter('schedule-status', '3.7');
  return { content, scheduleTag: newScheduleTag() };
}

/** The attendee asks by SCHEDULE-FORCE-SEND to tell the organiser again (RFC 6638 section 7.2). */
const asksToReply = (event: ICAL.Component): boolean =>
  organizerProperty(event)?.getFirstParameter('schedule-force-send')?.toUpperCase() === 'REPLY';

/** Notes on ORGANIZER that the answer got through (RFC 6638 section 3.2.9). */
function noteReply(event: ICAL.Component): void {
  for (const component of happenings(event)) {
    const organizer = component.getFirstProperty('organizer');
    organizer?.removeParameter('schedule-force-send');
    organizer?.setParameter('schedule-status', '1.2');
  }
}

/**
 * The server made the invitation take no time until it is answered, and few clients know of that: who accepts is busy
 * as the organiser meant it.
 */
function busyOnceAccepted(
  old: ICAL.Component,
  content: ICAL.Component,
  event: ICAL.Component | undefined,
  user: string,
): void {
  const before = componentsByPlace(old);
  for (const component of happenings(content)) {
    const was = before.get(placeOf(component, content)) ?? masterOf(old);
    const own = attendeeOf(component, user);
    const asked = was && attendeeOf(was, user);
    if (own === undefined || asked === undefined || statusOf(asked) !== 'NEEDS-ACTION') continue;
    if (!['ACCEPTED', 'TENTATIVE'].includes(statusOf(own))) continue;
    const meant = event && (componentAt(event, placeOf(component, content)) ?? masterOf(event));
    const transparency = meant?.getFirstPropertyValue('transp');
    if (component.getFirstPropertyValue('transp') === 'TRANSPARENT' && transparency !== 'TRANSPARENT')
      component.removeAllProperties('transp');
  }
}

export interface Reply {
  readonly uid: string;
  /** With the answers. */
  readonly event: ICAL.Component;
  readonly user: string;
  readonly organizer: string;
}

/** Sends an attendee's answer to the organiser on this server, and the news of it to the others. */
export function reply(
  context: DavContext,
  actor: Actor,
  { uid, event, user, organizer }: Reply,
  answer: Answer,
): void {
  const message = replyOf(event, user, answer, context.now());
  if (receiveReply(context, actor, organizer, uid, message, user))
    context.refresher.schedule(context, uid, organizer, user);
}
