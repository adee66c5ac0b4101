import ICAL from 'ical.js';
import { copyOf } from '../objects/copy-component.ts';
import { happenings } from '../recurrence/instances.ts';
import {
  componentAt,
  componentsByPlace,
  deriveInstance,
  exclude,
  excludedBy,
  include,
  masterOf,
} from './occurrence.ts';
import { attendeeOf, statusOf } from './participants.ts';
import { withoutAlarms } from './view.ts';

const isDeclined = (component: ICAL.Component, user: string): boolean => {
  const own = attendeeOf(component, user);
  return own !== undefined && statusOf(own) === 'DECLINED';
};

const drop = (calendar: ICAL.Component, component: ICAL.Component): void => {
  calendar.removeSubcomponent(component);
  exclude(calendar, component);
};

/**
 * The first copy of an event that an attendee gets: without the instances declined already. Undefined when that is all
 * of them, as for somebody who has removed the event.
 */
export function withoutDeclined(view: ICAL.Component, user: string): ICAL.Component | undefined {
  if (happenings(view).every((component) => isDeclined(component, user))) return undefined;
  const content = copyOf(view);
  for (const component of happenings(content))
    if (component.hasProperty('recurrence-id') && isDeclined(component, user)) drop(content, component);
  freeUntilAnswered(content, user);
  return content;
}

/** What an attendee may have changed in the own copy (RFC 6638 section 3.2.2.1), besides the answer. */
const own = new Set(['transp', 'completed', 'percent-complete']);

/** Gives a component what is the attendee's own in another one. */
function keepOwn(from: ICAL.Component, to: ICAL.Component): void {
  withoutAlarms(to);
  for (const name of own) to.removeAllProperties(name);
  for (const alarm of from.getAllSubcomponents('valarm')) to.addSubcomponent(copyOf(alarm));
  for (const property of from.getAllProperties()) {
    const mine = own.has(property.name) || (property.name.startsWith('x-') && !to.hasProperty(property.name));
    if (mine) to.addProperty(new ICAL.Property(structuredClone(property.toJSON())));
  }
  const status = from.getFirstProperty('organizer')?.getFirstParameter('schedule-status');
  if (status !== undefined) to.getFirstProperty('organizer')?.setParameter('schedule-status', status);
}

/** An attendee's copy of an event brought up to date by what the organiser sends. */
export function mergeRequest(
  old: ICAL.Component,
  view: ICAL.Component,
  user: string,
): ICAL.Component | undefined {
  const content = masterOf(view) === undefined ? withInstances(old, view, user) : replaced(old, view, user);
  if (happenings(content).length === 0) return undefined;
  freeUntilAnswered(content, user);
  return content;
}

/** The whole event anew, with what is the attendee's own. */
function replaced(old: ICAL.Component, view: ICAL.Component, user: string): ICAL.Component {
  const content = copyOf(view);
  const oldMaster = masterOf(old);
  const excluded = excludedBy(old);
  const known = componentsByPlace(old);
  for (const [place, component] of componentsByPlace(content)) {
    const was = known.get(place) ?? oldMaster;
    if (was !== undefined) keepOwn(was, component);
    const removed =
      place !== undefined && !known.has(place) && (oldMaster === undefined || excluded.has(place));
    if (removed && isDeclined(component, user)) drop(content, component);
  }
  for (const [place, was] of known) {
    if (
      place === undefined ||
      componentAt(content, place) !== undefined ||
      (excludedBy(view).has(place) && !isOff(was))
    )
      continue;
    const derived = deriveInstance(content, place, isOff(was));
    if (derived === undefined) continue;
    include(content, place);
    if (isOff(was)) content.addSubcomponent(copyOf(was));
    else {
      keepOwn(was, derived);
      content.addSubcomponent(derived);
    }
  }
  return content;
}

const isOff = (component: ICAL.Component): boolean =>
  component.getFirstPropertyValue('status') === 'CANCELLED';

/** Single instances put into the event that the attendee has. */
function withInstances(old: ICAL.Component, view: ICAL.Component, user: string): ICAL.Component {
  const content = copyOf(old);
  const zones = new Set(
    content.getAllSubcomponents('vtimezone').map((zone) => zone.getFirstPropertyValue('tzid')),
  );
  for (const zone of view.getAllSubcomponents('vtimezone'))
    if (!zones.has(zone.getFirstPropertyValue('tzid'))) content.addSubcomponent(copyOf(zone));
  for (const [place, told] of componentsByPlace(view)) {
    if (place === undefined) continue;
    const was = componentAt(content, place);
    if (was === undefined && isDeclined(told, user)) continue;
    const component = copyOf(told);
    const from = was ?? masterOf(content);
    if (from !== undefined) keepOwn(from, component);
    if (was !== undefined) content.removeSubcomponent(was);
    include(content, place);
    content.addSubcomponent(component);
  }
  return content;
}

/** What nobody has agreed to takes none of their time, as in Apple's calendar server. */
function freeUntilAnswered(content: ICAL.Component, user: string): void {
  for (const component of happenings(content)) {
    const attendee = attendeeOf(component, user);
    if (component.name === 'vevent' && attendee !== undefined && statusOf(attendee) === 'NEEDS-ACTION')
      component.updatePropertyWithValue('transp', 'TRANSPARENT');
  }
}
