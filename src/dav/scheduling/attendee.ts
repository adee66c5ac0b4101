import type ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import { happenings } from '../recurrence/instances.ts';
import { copyOf, replyOf } from './itip.ts';
import { deliver, findHeld, place, type Actor } from './mailbox.ts';
import { attendeeOf, participation, recurrenceKey } from './participants.ts';

/** What came of a reply. */
export interface Replied {
  /** The organiser's event after it, for telling the other attendees. */
  readonly event: ICAL.Component | undefined;
}

/** Whether a user takes part otherwise than before, in any instance. */
export function answersDiffer(
  context: DavContext,
  before: ICAL.Component | undefined,
  after: ICAL.Component,
  user: string,
): boolean {
  const old = before === undefined ? new Map<string, string>() : participation(context, before, user);
  return [...participation(context, after, user)].some(
    ([key, status]) => (old.get(key) ?? 'NEEDS-ACTION') !== status,
  );
}

/** The attendee asks by SCHEDULE-FORCE-SEND to tell the organiser again (RFC 6638 section 7.2). */
export const asksToReply = (event: ICAL.Component): boolean =>
  happenings(event).some(
    (component) =>
      component.getFirstProperty('organizer')?.getFirstParameter('schedule-force-send')?.toUpperCase() ===
      'REPLY',
  );

/** Notes on ORGANIZER that the answer got through (RFC 6638 section 3.2.9). */
export function noteReply(event: ICAL.Component): ICAL.Component {
  const noted = copyOf(event);
  for (const component of happenings(noted)) {
    const organizer = component.getFirstProperty('organizer');
    organizer?.removeParameter('schedule-force-send');
    organizer?.setParameter('schedule-status', '1.2');
  }
  return noted;
}

/** Sends an attendee's answer to the organiser on this server and notes it in the organiser's event. */
export function reply(
  context: DavContext,
  actor: Actor,
  uid: string,
  event: ICAL.Component,
  user: string,
  organizer: string,
  declined: boolean,
): Replied {
  deliver(context, actor, organizer, replyOf(context, event, user, declined));
  const held = findHeld(context, organizer, uid);
  if (held === undefined) return { event: undefined };
  const content = copyOf(held.content);
  const answers = participation(context, event, user);
  for (const component of happenings(content)) {
    const attendee = attendeeOf(context, component, user);
    const status = declined ? 'DECLINED' : (answers.get(recurrenceKey(component)) ?? answers.get(''));
    if (attendee === undefined || status === undefined) continue;
    attendee.setParameter('partstat', status);
    attendee.setParameter('schedule-status', '2.0');
  }
  addOverrides(context, content, event, user);
  // Only the answer differs: the organiser's own edits stay valid, so the schedule tag stays (RFC 6638 section 3.2.10).
  place(context, actor, {
    parent: held.calendar,
    name: held.node.name,
    content,
    scheduleTag: held.node.scheduleTag,
  });
  return { event: content };
}

/** An answer for one instance makes an override in the organiser's event where there was none. */
function addOverrides(
  context: DavContext,
  content: ICAL.Component,
  event: ICAL.Component,
  user: string,
): void {
  const known = new Set(happenings(content).map(recurrenceKey));
  const master = happenings(content).find((component) => recurrenceKey(component) === '');
  if (master === undefined) return;
  for (const component of happenings(event)) {
    const own = attendeeOf(context, component, user);
    if (known.has(recurrenceKey(component)) || own === undefined) continue;
    const override = copyOf(master);
    for (const name of ['rrule', 'rdate', 'exdate', 'dtstart', 'dtend', 'duration'])
      override.removeAllProperties(name);
    for (const name of ['recurrence-id', 'dtstart', 'dtend', 'duration']) {
      for (const property of component.getAllProperties(name)) override.addProperty(copyProperty(property));
    }
    attendeeOf(context, override, user)?.setParameter(
      'partstat',
      own.getFirstParameter('partstat') ?? 'NEEDS-ACTION',
    );
    content.addSubcomponent(override);
  }
}

const copyProperty = (property: ICAL.Property): ICAL.Property => {
  const holder = copyOf(property.parent);
  return holder.getFirstProperty(property.name) ?? property;
};
