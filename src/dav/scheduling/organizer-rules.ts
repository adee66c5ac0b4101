import ICAL from 'ical.js';
import { happenings } from '../recurrence/instances.ts';
import { nameIn } from './address.ts';
import type { Difference } from './differences.ts';
import { sequenceOf } from './itip.ts';
import {
  componentAt,
  componentsByPlace,
  deriveInstance,
  excludedBy,
  masterOf,
  type Place,
} from './occurrence.ts';
import {
  addressIn,
  attendeesOf,
  inviteOnce,
  isServers,
  keyOf,
  organizerProperty,
  statusOf,
  takeParameter,
} from './participants.ts';

const otherAttendees = (component: ICAL.Component, organizer: string): ICAL.Property[] =>
  attendeesOf(component).filter((attendee) => nameIn(addressIn(attendee)) !== organizer);

/** Makes the components of a meeting say who organises all of them, and invite everybody once (RFC 6638 section 3.1). */
export function tidy(content: ICAL.Component): void {
  const organizer = organizerProperty(content);
  for (const component of happenings(content)) {
    if (organizer !== undefined && !component.hasProperty('organizer'))
      component.addProperty(new ICAL.Property(structuredClone(organizer.toJSON())));
    inviteOnce(component);
  }
}

/** Attendees answer for themselves: nobody has agreed to a new event yet (RFC 6638 section 3.2.1). */
export function askEverybody(content: ICAL.Component, organizer: string): void {
  for (const component of happenings(content))
    for (const attendee of otherAttendees(component, organizer))
      if (isServers(attendee) && statusOf(attendee) !== 'NEEDS-ACTION')
        attendee.setParameter('partstat', 'NEEDS-ACTION');
}

/**
 * Keeps the answers of attendees where the organiser gives others, but for asking again (RFC 6638 sections 3.2.1 and
 * 3.2.8). With `merged` they are kept in any case, as the organiser may not know them yet (section 3.2.10.1).
 */
export function keepAnswers(
  before: ICAL.Component,
  content: ICAL.Component,
  organizer: string,
  merged: boolean,
): void {
  const old = componentsByPlace(before);
  const keep = (was: ICAL.Component, component: ICAL.Component): boolean => {
    let changed = false;
    const answers = new Map(attendeesOf(was).map((attendee) => [keyOf(attendee), attendee]));
    for (const attendee of otherAttendees(component, organizer)) {
      const known = answers.get(keyOf(attendee));
      const forced = attendee.getFirstParameter('schedule-force-send')?.toUpperCase() === 'REQUEST';
      if (!isServers(attendee) || (merged && forced)) continue;
      const given = statusOf(attendee);
      const had = known === undefined ? 'NEEDS-ACTION' : statusOf(known);
      if (given !== had && (merged || given !== 'NEEDS-ACTION')) {
        attendee.setParameter('partstat', had);
        changed = true;
      }
      if (!merged || known === undefined) continue;
      takeParameter(known, attendee, 'rsvp');
      takeParameter(known, attendee, 'schedule-status');
    }
    return changed;
  };
  const now = componentsByPlace(content);
  for (const [place, component] of now) {
    const was =
      old.get(place) ??
      (place === undefined ? undefined : (deriveInstance(before, place) ?? masterOf(before)));
    if (was !== undefined) keep(was, component);
  }
  for (const [place, was] of old) {
    if (place === undefined || now.has(place)) continue;
    const derived = deriveInstance(content, place);
    if (derived !== undefined && keep(was, derived)) content.addSubcomponent(derived);
  }
}

const sequences = (calendar: ICAL.Component): number[] => happenings(calendar).map(sequenceOf);

const setSequence = (content: ICAL.Component, value: number): void => {
  for (const component of happenings(content)) component.updatePropertyWithValue('sequence', value);
};

/** A SEQUENCE does not go back. */
export function keepSequence(before: ICAL.Component, content: ICAL.Component): void {
  const reached = Math.max(0, ...sequences(before));
  if (Math.min(...sequences(content)) < reached) setSequence(content, reached);
}

/** A change that attendees are told has another SEQUENCE (RFC 6638 section 3.2.5), unless the client gave it one. */
export function raiseSequence(before: ICAL.Component, content: ICAL.Component): void {
  const old = componentsByPlace(before);
  const master = old.get(undefined);
  const isRaised = [...componentsByPlace(content)].every(([place, component]) => {
    const was = old.get(place) ?? master;
    return was === undefined || sequenceOf(component) > sequenceOf(was);
  });
  if (!isRaised) setSequence(content, Math.max(0, ...sequences(before)) + 1);
}

const timing = ['dtstart', 'dtend', 'duration', 'due', 'recurrence-id'];

/** How the rule of an event changed: not, by fewer instances, by more of the same, or to another one. */
export type RuleChange = 'none' | 'fewer' | 'more' | 'other';

export function ruleChange(before: ICAL.Component, content: ICAL.Component): RuleChange {
  const [old, now] = [before, content].map((calendar) => masterOf(calendar)?.getFirstPropertyValue('rrule'));
  if (!(old instanceof ICAL.Recur) || !(now instanceof ICAL.Recur)) return old === now ? 'none' : 'other';
  const [was, is] = [old, now].map((recur) => {
    const { until: _, count: __, ...rest }: Record<string, unknown> = recur.toJSON();
    return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  if (was !== is) return 'other';
  if (old.toString() === now.toString()) return 'none';
  const ends = ({ until, count }: ICAL.Recur): number =>
    until === null ? (count ?? Infinity) : until.toUnixTime();
  const comparable = (old.until === null) === (now.until === null) || ends(now) === Infinity;
  return comparable && ends(now) > ends(old) ? 'more' : 'fewer';
}

/** Whether the instances before a change are not those after it, one for one. */
export const isAnotherSeries = (
  changes: ReadonlyMap<Place, Difference>,
  rule: RuleChange,
  content: ICAL.Component,
): boolean => {
  const whole = changes.get(undefined);
  const moved = whole?.kind === 'changed' && whole.properties.has('dtstart');
  return rule === 'other' || (moved && masterOf(content)?.hasProperty('rrule') === true);
};

/**
 * Who agreed to another time has not agreed to this one, nor to an instance that comes back: their answers are asked for
 * again (RFC 6638 section 3.2.8).
 */
export function askAgain(
  before: ICAL.Component,
  content: ICAL.Component,
  organizer: string,
  changes: ReadonlyMap<Place, Difference>,
  rule: RuleChange,
): void {
  const places = new Set<Place>();
  for (const [place, change] of changes) {
    const isNew = change.kind === 'added' && place !== undefined;
    const moved = change.kind === 'changed' && timing.some((name) => change.properties.has(name));
    const more = change.kind === 'changed' && change.properties.has('rdate');
    if (isNew || moved || more) places.add(place);
  }
  const isExcluded = excludedBy(content);
  for (const at of excludedBy(before)) if (!isExcluded.has(at)) places.add(at);
  if (rule === 'other' || rule === 'more')
    for (const place of componentsByPlace(content).keys()) places.add(place);
  for (const place of places) {
    const own = componentAt(content, place);
    const component = own ?? (place === undefined ? undefined : deriveInstance(content, place));
    const answered = (component === undefined ? [] : otherAttendees(component, organizer)).filter(
      (attendee) => statusOf(attendee) !== 'NEEDS-ACTION',
    );
    for (const attendee of answered) attendee.setParameter('partstat', 'NEEDS-ACTION');
    if (own === undefined && component !== undefined && answered.length > 0)
      content.addSubcomponent(component);
  }
}

/** Attendees who have not answered are asked to. */
export function wantAnswers(content: ICAL.Component, organizer: string): void {
  for (const component of happenings(content))
    for (const attendee of otherAttendees(component, organizer))
      if (statusOf(attendee) === 'NEEDS-ACTION') attendee.setParameter('rsvp', 'TRUE');
}
