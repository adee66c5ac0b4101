import type ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import { copyOf } from '../objects/copy-component.ts';
import { happenings } from '../recurrence/instances.ts';
import { sequenceOf, uidOf } from './itip.ts';
import { deliver, findHeld, newScheduleTag, place, type Actor } from './mailbox.ts';
import { componentAt, componentsByPlace, deriveInstance, masterOf } from './occurrence.ts';
import { organizerName } from './participants.ts';

/**
 * Takes in that an event, or instances of it, are off (RFC 6638 section 4.1). They stay in the calendar, marked, until
 * the attendee takes note and removes them. Who has no such event of this organiser is told nothing.
 */
export function receiveCancel(
  context: DavContext,
  actor: Actor,
  organizer: string,
  user: string,
  message: ICAL.Component,
): void {
  const held = findHeld(context, user, uidOf(message));
  if (held === undefined || organizerName(held.content) !== organizer) return;
  const content = copyOf(held.content);
  const whole = masterOf(message);
  if (whole !== undefined) for (const component of happenings(content)) markOff(component, whole);
  else {
    for (const [at, told] of componentsByPlace(message)) {
      let component = componentAt(content, at);
      if (component === undefined && at !== undefined) {
        component = deriveInstance(content, at);
        if (component !== undefined) content.addSubcomponent(component);
      }
      if (component !== undefined) markOff(component, told);
    }
  }
  place(context, actor, {
    parent: held.calendar,
    name: held.node.name,
    content,
    scheduleTag: newScheduleTag(),
  });
  deliver(context, actor, user, message);
}

function markOff(component: ICAL.Component, told: ICAL.Component): void {
  component.updatePropertyWithValue('status', 'CANCELLED');
  component.updatePropertyWithValue('sequence', sequenceOf(told));
}
