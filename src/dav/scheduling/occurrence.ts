import ICAL from 'ical.js';
import { copyOf } from '../objects/copy-component.ts';
import { happenings, instancesOf } from '../recurrence/instances.ts';
import { momentOf, propertyMoment, type Moment } from '../recurrence/moment.ts';
import { utcZone } from '../recurrence/zone.ts';

/** Which instance a component tells of: UTC ms of its RECURRENCE-ID; undefined for the component of the whole. */
export type Place = number | undefined;

export const placeOf = (component: ICAL.Component, calendar: ICAL.Component): Place =>
  propertyMoment(component, 'recurrence-id', calendar, utcZone)?.utcMs;

/** The component of the whole series, or of the one event. */
export const masterOf = (calendar: ICAL.Component): ICAL.Component | undefined =>
  happenings(calendar).find((component) => !component.hasProperty('recurrence-id'));

export const componentAt = (calendar: ICAL.Component, place: Place): ICAL.Component | undefined =>
  happenings(calendar).find((component) => placeOf(component, calendar) === place);

/** The components of an object by the instance they tell of. */
export const componentsByPlace = (calendar: ICAL.Component): Map<Place, ICAL.Component> =>
  new Map(happenings(calendar).map((component) => [placeOf(component, calendar), component]));

const series = ['rrule', 'rdate', 'exdate', 'exrule'];

/**
 * The component that an instance without one of its own would have; undefined when there is no such instance.
 * `evenExcluded` makes that of an instance which an EXDATE takes out, too.
 */
export function deriveInstance(
  calendar: ICAL.Component,
  at: number,
  evenExcluded = false,
): ICAL.Component | undefined {
  const master = masterOf(calendar);
  const start = master && propertyMoment(master, 'dtstart', calendar, utcZone);
  if (master === undefined || start === undefined || !recursAt(calendar, master, at, evenExcluded))
    return undefined;
  const derived = copyOf(master);
  for (const name of series) derived.removeAllProperties(name);
  for (const name of ['dtend', 'due']) {
    const end = propertyMoment(master, name, calendar, utcZone);
    if (end !== undefined) putTime(derived, name, end, at + (end.utcMs - start.utcMs));
  }
  putTime(derived, 'dtstart', start, at);
  putTime(derived, 'recurrence-id', start, at);
  return derived;
}

function recursAt(
  calendar: ICAL.Component,
  master: ICAL.Component,
  at: number,
  evenExcluded: boolean,
): boolean {
  if (!master.hasProperty('rrule') && !master.hasProperty('rdate')) return false;
  const bare = copyOf(calendar);
  for (const component of happenings(bare))
    if (component.hasProperty('recurrence-id')) bare.removeSubcomponent(component);
  if (evenExcluded) masterOf(bare)?.removeAllProperties('exdate');
  const found = instancesOf(bare, { fromMs: at, toMs: at + 1 }, 1000);
  return found.some(({ recurrenceMs }) => recurrenceMs === at);
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** Writes a time in the form that another one has: as a date, in UTC, in its zone or in none. */
function putTime(component: ICAL.Component, name: string, like: Moment, utcMs: number): void {
  const date = new Date(like.zone.toLocal(utcMs));
  const day = `${date.getUTCFullYear()}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}`;
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(twoDigits).join(':');
  const inZone = like.zoneName !== 'utc' && like.zoneName !== 'floating';
  const value = like.isDate ? day : `${day}T${time}${like.zoneName === 'utc' ? 'Z' : ''}`;
  component.removeAllProperties(name);
  component.addProperty(
    new ICAL.Property([
      name,
      inZone ? { tzid: like.zoneName } : {},
      like.isDate ? 'date' : 'date-time',
      value,
    ]),
  );
}

const timesIn = (property: ICAL.Property): ICAL.Time[] =>
  property.getValues().filter((value: unknown) => value instanceof ICAL.Time);

/** UTC ms of the instances that a series leaves out. */
export const excludedBy = (calendar: ICAL.Component): Set<number> =>
  new Set(
    (masterOf(calendar)?.getAllProperties('exdate') ?? []).flatMap((property) =>
      timesIn(property).map((time) => momentOf(time, property, calendar, utcZone).utcMs),
    ),
  );

/** Takes an instance out of a series; `override` is a component that tells of it. */
export function exclude(calendar: ICAL.Component, override: ICAL.Component): void {
  const id = override.getFirstProperty('recurrence-id');
  if (id === null) return;
  const [, parameters, type, ...values] = id.toJSON();
  const { range: _, ...rest }: Record<string, string> = parameters;
  masterOf(calendar)?.addProperty(new ICAL.Property(['exdate', { ...rest }, type, ...values]));
}

/** Puts an instance that was left out back into a series. */
export function include(calendar: ICAL.Component, at: number): void {
  const master = masterOf(calendar);
  for (const property of master?.getAllProperties('exdate') ?? []) {
    const times = timesIn(property);
    const kept = times.filter((time) => momentOf(time, property, calendar, utcZone).utcMs !== at);
    if (kept.length === times.length) continue;
    if (kept.length === 0) master?.removeProperty(property);
    else property.setValues(kept);
  }
}
