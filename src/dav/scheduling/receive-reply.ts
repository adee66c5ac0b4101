import type ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import { copyOf } from '../objects/copy-component.ts';
import { deliver, findHeld, place, type Actor } from './mailbox.ts';
import { componentAt, componentsByPlace, deriveInstance } from './occurrence.ts';
import { attendeeOf, organizerName, statusOf } from './participants.ts';

/**
 * Notes an answer in the event of the organiser (RFC 6638 section 4.2). One for an event that the organiser has no
 * more is ignored.
 * @returns whether the attendee takes part otherwise than before, for telling the others
 */
export function receiveReply(
  context: DavContext,
  actor: Actor,
  organizer: string,
  uid: string,
  message: ICAL.Component,
  user: string,
): boolean {
  const held = findHeld(context, organizer, uid);
  if (held === undefined || organizerName(held.content) !== organizer) return false;
  const content = copyOf(held.content);
  const told = componentsByPlace(message);
  // Instances that the organiser has by themselves follow the answer to the whole where they have none of their own.
  for (const at of componentsByPlace(content).keys()) {
    if (at === undefined || told.has(at)) continue;
    const derived = deriveInstance(message, at);
    if (derived !== undefined) told.set(at, derived);
  }
  let changed = false;
  for (const [at, answer] of [...told].sort(([a = -Infinity], [b = -Infinity]) => a - b)) {
    const given = attendeeOf(answer, user);
    let component = componentAt(content, at);
    if (component === undefined && at !== undefined) {
      component = deriveInstance(content, at);
      if (component !== undefined) content.addSubcomponent(component);
    }
    const attendee = component && attendeeOf(component, user);
    if (given === undefined || attendee === undefined) continue;
    if (statusOf(given) !== statusOf(attendee)) {
      changed = true;
      attendee.setParameter('partstat', statusOf(given));
      attendee.removeParameter('rsvp');
    }
    attendee.setParameter('schedule-status', '2.0');
  }
  // Only the answer differs: the organiser's own edits stay valid, so the schedule tag stays (RFC 6638 section 3.2.10).
  place(context, actor, {
    parent: held.calendar,
    name: held.node.name,
    content,
    scheduleTag: held.node.scheduleTag,
  });
  deliver(context, actor, organizer, message);
  return changed;
}
