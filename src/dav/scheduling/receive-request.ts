import { randomUUID } from 'node:crypto';
import type ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import { copyOf } from '../objects/copy-component.ts';
import { happenings } from '../recurrence/instances.ts';
import { messageOf } from './itip.ts';
import { calendarFor } from './default-calendar.ts';
import { createDeliveries, findHeld, newScheduleTag, type Actor } from './mailbox.ts';
import { mergeRequest, withoutDeclined } from './merge-request.ts';
import { invites, organizerName, organizerOf, organizerProperty, participation } from './participants.ts';

/** How a delivery went, as SCHEDULE-STATUS tells it (RFC 6638 section 3.2.9). */
export type DeliveryStatus = '1.2' | '5.3';

export interface Requests {
  /** Delivers an event as one attendee shall see it, which is not changed. */
  send(user: string, view: ICAL.Component): DeliveryStatus;
  /** Brings the copy of an attendee up to date with the answers of others; nobody is told. */
  refresh(user: string, view: ICAL.Component): void;
}

/**
 * Takes invitations of an organiser in for attendees (RFC 6638 section 4.1). Those for the same view share what they
 * have in common.
 */
export function createRequests(context: DavContext, actor: Actor, organizer: string, uid: string): Requests {
  const deliveries = createDeliveries(context, actor);
  const fresh = new Map<ICAL.Component, Map<string, ICAL.Component | undefined>>();
  const messages = new Map<ICAL.Component, ICAL.Component>();
  const freshFor = (view: ICAL.Component, user: string): ICAL.Component | undefined => {
    // What a new copy says depends on the attendee by the answers alone.
    const key = [...participation(view, user).values()].join();
    const known = fresh.get(view) ?? new Map<string, ICAL.Component | undefined>();
    fresh.set(view, known);
    if (!known.has(key)) known.set(key, withoutDeclined(view, user));
    return known.get(key);
  };
  const take = (user: string, view: ICAL.Component, quietly: boolean): 'taken' | 'unneeded' | 'refused' => {
    const held = findHeld(context, user, uid);
    const own = held !== undefined && organizerProperty(held.content) === undefined;
    if (held !== undefined && !own && organizerName(held.content) !== organizer) return 'refused';
    // What the client takes care of itself is not kept up to date by the server until it is invited again, and what
    // does not invite the user was no invitation yet.
    const anew =
      held === undefined || organizerOf(context, held.content) !== organizer || !invites(held.content, user);
    const content = anew ? freshFor(view, user) : mergeRequest(held.content, view, user);
    const parent = held?.calendar ?? calendarFor(context, user, view);
    if (parent === undefined) return 'refused';
    if (content === undefined) return 'unneeded';
    if (own) deliveries.put(parent, undefined, withNewUid(held.content), null);
    const scheduleTag = quietly && held !== undefined ? held.node.scheduleTag : newScheduleTag();
    deliveries.put(parent, held?.node.name, content, scheduleTag);
    return 'taken';
  };
  return {
    send: (user, view) => {
      const outcome = take(user, view, false);
      if (outcome === 'refused') return '5.3';
      if (outcome === 'unneeded') return '1.2';
      const message = messages.get(view) ?? messageOf(view, 'REQUEST', context.now());
      messages.set(view, message);
      deliveries.toInbox(user, message);
      return '1.2';
    },
    refresh: (user, view) => void take(user, view, true),
  };
}

/** An event of the user's own that happens to have the UID of an invitation is kept, under another one. */
function withNewUid(calendar: ICAL.Component): ICAL.Component {
  const result = copyOf(calendar);
  const uid = randomUUID();
  for (const component of happenings(result)) component.updatePropertyWithValue('uid', uid);
  return result;
}
