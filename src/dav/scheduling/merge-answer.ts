import ICAL from 'ical.js';
import { copyOf } from '../objects/copy-component.ts';
import { happenings } from '../recurrence/instances.ts';
import { propertyMoment } from '../recurrence/moment.ts';
import { utcZone } from '../recurrence/zone.ts';
import { nameIn } from './address.ts';
import { keepOrganizers } from './attendee-changes.ts';
import {
  componentAt,
  componentsByPlace,
  deriveInstance,
  excludedBy,
  masterOf,
  type Place,
} from './occurrence.ts';
import { addressIn, attendeeOf, attendeesOf, inviteOnce, statusOf, takeParameter } from './participants.ts';

/** What an attendee's change of an event comes to. */
export interface MergedAnswer {
  /** What the attendee has from now on. */
  readonly content: ICAL.Component;
  /** The event with all answers, those to instances that the attendee removes too. */
  readonly answers: ICAL.Component;
  /** Where the attendee takes part otherwise than before. */
  readonly changed: ReadonlySet<Place>;
}

const isOff = (component: ICAL.Component): boolean =>
  component.getFirstPropertyValue('status') === 'CANCELLED';

/**
 * Some clients store the one instance that an attendee is invited to as if it were a whole event. Gives it back the
 * RECURRENCE-ID of the instance that starts then.
 */
export function asInstance(old: ICAL.Component, sent: ICAL.Component): ICAL.Component {
  const content = copyOf(sent);
  const whole = masterOf(content);
  if (masterOf(old) !== undefined || whole === undefined || whole.hasProperty('rrule')) return sent;
  const start = propertyMoment(whole, 'dtstart', content, utcZone)?.utcMs;
  const instance = happenings(old).find(
    (component) => propertyMoment(component, 'dtstart', old, utcZone)?.utcMs === start,
  );
  const id = instance?.getFirstProperty('recurrence-id');
  if (id === null || id === undefined) return sent;
  whole.addProperty(new ICAL.Property(structuredClone(id.toJSON())));
  return content;
}

/**
 * Puts an attendee's change of an event together with what the server has (RFC 6638 section 3.2.2): answers of others
 * are those known here, instances that are left out without an EXDATE stay, and those with one are declined. With
 * `merged` the attendee may not know of the instances that are left out, and answers them with the whole.
 */
export function mergeAnswer(
  old: ICAL.Component,
  sent: ICAL.Component,
  user: string,
  merged: boolean,
): MergedAnswer {
  const content = copyOf(sent);
  const known = componentsByPlace(old);
  const master = known.get(undefined);
  if (master !== undefined && masterOf(content) === undefined) content.addSubcomponent(copyOf(master));
  const declined = removedInstances(old, content, (was) =>
    merged ? answeredWithWhole(was, old, content, user) : copyOf(was),
  );
  const changed = new Set<Place>();
  for (const [place, component] of componentsByPlace(content)) {
    const was = known.get(place) ?? (place === undefined ? undefined : deriveInstance(old, place, true));
    if (was === undefined) continue;
    inviteOnce(component);
    keepOthers(was, component, user);
    if (known.has(place)) keepOrganizers(was, component);
    const [before, now] = [attendeeOf(was, user), attendeeOf(component, user)];
    if (before === undefined || now === undefined || statusOf(before) === statusOf(now)) continue;
    changed.add(place);
    if (statusOf(now) !== 'NEEDS-ACTION') now.removeParameter('rsvp');
  }
  const answers = copyOf(content);
  for (const [place, instance] of declined) {
    const answer = copyOf(instance);
    const own = attendeeOf(answer, user);
    if (own === undefined || statusOf(own) === 'DECLINED') continue;
    own.setParameter('partstat', 'DECLINED');
    answers.addSubcomponent(answer);
    changed.add(place);
  }
  return { content, answers, changed };
}

/** An instance that the server made from the whole event, with the attendee's answer to that unless it has its own. */
function answeredWithWhole(
  was: ICAL.Component,
  old: ICAL.Component,
  content: ICAL.Component,
  user: string,
): ICAL.Component {
  const instance = copyOf(was);
  const [whole, now] = [old, content].map((calendar) => {
    const master = masterOf(calendar);
    return master && attendeeOf(master, user);
  });
  const own = attendeeOf(instance, user);
  if (own && whole && now && statusOf(own) === statusOf(whole)) own.setParameter('partstat', statusOf(now));
  return instance;
}

/** Instances that the attendee took out; puts back what was left out otherwise. */
function removedInstances(
  old: ICAL.Component,
  content: ICAL.Component,
  putBack: (was: ICAL.Component) => ICAL.Component,
): Map<number, ICAL.Component> {
  const removed = new Map<number, ICAL.Component>();
  const known = componentsByPlace(old);
  const [wasExcluded, isExcluded] = [excludedBy(old), excludedBy(content)];
  const hasMaster = masterOf(content) !== undefined;
  for (const [place, was] of known) {
    if (place === undefined || componentAt(content, place) !== undefined) continue;
    if (hasMaster && !isExcluded.has(place)) content.addSubcomponent(putBack(was));
    else if (!isOff(was)) removed.set(place, was);
  }
  for (const place of isExcluded) {
    const instance = wasExcluded.has(place) || known.has(place) ? undefined : deriveInstance(old, place);
    if (instance !== undefined) removed.set(place, instance);
  }
  return removed;
}

/** Everybody answers for themselves, and what the server noted about deliveries stays. */
function keepOthers(was: ICAL.Component, component: ICAL.Component, user: string): void {
  const answers = new Map(attendeesOf(was).map((attendee) => [addressIn(attendee).toLowerCase(), attendee]));
  for (const attendee of attendeesOf(component)) {
    const known = answers.get(addressIn(attendee).toLowerCase());
    if (known === undefined || nameIn(addressIn(attendee)) === user) continue;
    if (statusOf(known) === statusOf(attendee)) continue;
    attendee.setParameter('partstat', statusOf(known));
    takeParameter(known, attendee, 'rsvp');
  }
  const noted = was.getFirstProperty('organizer')?.getFirstParameter('schedule-status');
  const organizer = component.getFirstProperty('organizer');
  if (noted !== undefined && organizer?.getFirstParameter('schedule-status') === undefined)
    organizer?.setParameter('schedule-status', noted);
}
