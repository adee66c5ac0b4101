import type ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import { copyOf } from '../objects/copy-component.ts';
import { happenings } from '../recurrence/instances.ts';
import { exclude, masterOf, placeOf, type Place } from './occurrence.ts';
import { attendeesOf, invitedTo } from './participants.ts';

const delivery = ['schedule-agent', 'schedule-status', 'schedule-force-send'];

/** How an event is delivered is between a client and its server: messages do not tell it (RFC 6638 section 7). */
export function withoutDelivery(component: ICAL.Component): void {
  for (const property of [...attendeesOf(component), ...component.getAllProperties('organizer')])
    for (const name of delivery) property.removeParameter(name);
}

/** Of what no standard knows, what is meant for all who take part. The rest is its owner's (RFC 6638 section 11.4). */
const isPublic = (name: string): boolean =>
  !name.startsWith('x-') ||
  /^x-(?:apple-structured-location|alt-desc|google-conference|microsoft-)/.test(name);

/** Takes away what is private to the sender of a message. */
export function withoutPrivate(calendar: ICAL.Component): void {
  for (const holder of [calendar, ...happenings(calendar)])
    for (const property of holder.getAllProperties())
      if (!isPublic(property.name)) holder.removeProperty(property);
}

export function withoutAlarms(component: ICAL.Component): void {
  for (const alarm of component.getAllSubcomponents('valarm')) component.removeSubcomponent(alarm);
}

/**
 * What each attendee gets of an event: the components that invite that attendee, without the instances that do not
 * (RFC 6638 section 3.2.6). Attendees who are invited to the same get the same object, which must not be changed.
 */
export function viewsOf(context: DavContext, calendar: ICAL.Component): (user: string) => ICAL.Component {
  const invited = happenings(calendar).map((component) => invitedTo(context, component));
  const known = new Map<string, ICAL.Component>();
  return (user) => {
    const kept = invited.map((users) => users.has(user));
    const key = kept.join();
    const view = known.get(key) ?? viewWith(calendar, kept);
    known.set(key, view);
    return view;
  };
}

function viewWith(calendar: ICAL.Component, kept: readonly boolean[]): ICAL.Component {
  const result = copyOf(calendar);
  result.removeAllProperties('method');
  withoutPrivate(result);
  for (const [index, component] of happenings(result).entries()) {
    withoutDelivery(component);
    withoutAlarms(component);
    if (kept[index] === true) continue;
    result.removeSubcomponent(component);
    // An instance that an attendee of the whole is not invited to does not happen for that attendee.
    if (masterOf(result) !== undefined) exclude(result, component);
  }
  return result;
}

/** Of a view the components that changed: all of them when the whole did. Undefined when there is none. */
export function changedPart(view: ICAL.Component, places: ReadonlySet<Place>): ICAL.Component | undefined {
  if (places.has(undefined)) return view;
  const part = copyOf(view);
  for (const component of happenings(part))
    if (!places.has(placeOf(component, part))) part.removeSubcomponent(component);
  return happenings(part).length === 0 ? undefined : part;
}
