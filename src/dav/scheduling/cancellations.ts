import type ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import type { Difference } from './differences.ts';
import { componentsByPlace, excludedBy, type Place } from './occurrence.ts';
import { invitedTo } from './participants.ts';

type Invited = ReadonlyMap<Place, ReadonlySet<string>>;

const invitedBy = (context: DavContext, calendar: ICAL.Component, organizer: string): Invited =>
  new Map(
    [...componentsByPlace(calendar)].map(([place, component]) => [
      place,
      invitedTo(context, component, organizer),
    ]),
  );

/** Who is no longer invited to what: by user, the instances, or undefined for the whole. */
export type Cancelled = Map<string, Set<Place>>;

const add = (cancelled: Cancelled, user: string, place: Place): void => {
  cancelled.set(user, (cancelled.get(user) ?? new Set()).add(place));
};

/**
 * Who must be told that an event, or instances of it, are off for them, as the organiser stores another version
 * (RFC 6638 section 3.2.1.2). `anew`: the instances of both versions are not the same.
 */
export function cancellations(
  context: DavContext,
  organizer: string,
  before: ICAL.Component,
  after: ICAL.Component,
  anew: boolean,
): Cancelled {
  const cancelled: Cancelled = new Map();
  const [old, now] = [before, after].map((calendar) => invitedBy(context, calendar, organizer));
  if (old === undefined || now === undefined) return cancelled;
  const whole = now.get(undefined) ?? new Set<string>();
  const wasWhole = old.get(undefined) ?? new Set<string>();
  if (anew) {
    for (const [place, users] of old)
      for (const user of users) if (!whole.has(user)) add(cancelled, user, place);
    return cancelled;
  }
  const [wasExcluded, isExcluded] = [excludedBy(before), excludedBy(after)];
  const newlyExcluded = new Set([...isExcluded].filter((at) => !wasExcluded.has(at)));
  for (const [place, users] of old) {
    for (const user of users) {
      if (now.get(place)?.has(user) === true) continue;
      const goesOn = place !== undefined && !now.has(place) && whole.has(user) && !newlyExcluded.has(place);
      if (!goesOn) add(cancelled, user, place);
    }
  }
  for (const user of wasWhole) {
    for (const at of newlyExcluded) if (!old.has(at)) add(cancelled, user, at);
    for (const [place, users] of now)
      if (place !== undefined && !old.has(place) && !users.has(user) && !wasExcluded.has(place))
        add(cancelled, user, place);
  }
  return cancelled;
}

/** Instances, or the whole, that the organiser marks as off; and whether that is all that changes. */
export function calledOff(
  changes: ReadonlyMap<Place, Difference>,
  after: ICAL.Component,
): { readonly places: ReadonlySet<Place>; readonly only: boolean } {
  const places = new Set<Place>();
  let only = changes.size > 0;
  for (const [place, change] of changes) {
    const properties = change.kind === 'changed' ? change.properties : new Set<string>();
    const off = componentsByPlace(after).get(place)?.getFirstPropertyValue('status') === 'CANCELLED';
    if (properties.has('status') && off) places.add(place);
    if (!(properties.has('status') && properties.size === 1)) only = false;
  }
  return { places, only: only && places.size > 0 };
}

/** Adds those who are invited to what is called off. */
export function addCalledOff(
  context: DavContext,
  organizer: string,
  after: ICAL.Component,
  places: ReadonlySet<Place>,
  cancelled: Cancelled,
): void {
  for (const [place, users] of invitedBy(context, after, organizer))
    if (places.has(place)) for (const user of users) add(cancelled, user, place);
}
