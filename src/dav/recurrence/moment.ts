import ICAL from 'ical.js';
import { componentZone, namedZone, utcZone, type Zone } from './zone.ts';

/** A DATE or DATE-TIME value. */
export interface Moment {
  /** As written, as if it were UTC. */
  readonly localMs: number;
  readonly utcMs: number;
  readonly zone: Zone;
  readonly isDate: boolean;
  /** `floating` for dates and local times, `utc`, or the TZID. */
  readonly zoneName: string;
}

const zones = new WeakMap<ICAL.Component, Map<string, Zone>>();

/** The zone a TZID means in a calendar: its VTIMEZONE, else the IANA zone of that name. */
function zoneOf(calendar: ICAL.Component, id: string, floating: Zone): Zone {
  const known = zones.get(calendar) ?? new Map<string, Zone>();
  zones.set(calendar, known);
  const found = known.get(id);
  if (found !== undefined) return found;
  const component = calendar
    .getAllSubcomponents('vtimezone')
    .find((candidate) => candidate.getFirstPropertyValue('tzid') === id);
  const zone =
    component === undefined
      ? (namedZone(id) ?? floating)
      : componentZone(new ICAL.Timezone({ component, tzid: id }));
  known.set(id, zone);
  return zone;
}

export const localMsOf = (time: ICAL.Time): number => {
  const date = new Date(0);
  date.setUTCFullYear(time.year, time.month - 1, time.day);
  return date.getTime() + (time.isDate ? 0 : ((time.hour * 60 + time.minute) * 60 + time.second) * 1000);
};

/** Reads a time value of a property. `floating` is the zone that dates and local times are read in. */
export function momentOf(
  time: ICAL.Time,
  property: ICAL.Property,
  calendar: ICAL.Component,
  floating: Zone,
): Moment {
  const localMs = localMsOf(time);
  const id = property.getFirstParameter('tzid');
  if (time.isDate)
    return { localMs, utcMs: floating.toUtc(localMs), zone: floating, isDate: true, zoneName: 'floating' };
  if (time.zone === ICAL.Timezone.utcTimezone) {
    return { localMs, utcMs: localMs, zone: utcZone, isDate: false, zoneName: 'utc' };
  }
  if (typeof id === 'string' && id !== '') {
    const zone = zoneOf(calendar, id, floating);
    return { localMs, utcMs: zone.toUtc(localMs), zone, isDate: false, zoneName: id };
  }
  return { localMs, utcMs: floating.toUtc(localMs), zone: floating, isDate: false, zoneName: 'floating' };
}

/** The moment in the first property of this name; undefined when it is absent. */
export function propertyMoment(
  component: ICAL.Component,
  name: string,
  calendar: ICAL.Component,
  floating: Zone,
): Moment | undefined {
  const property = component.getFirstProperty(name);
  const value = property?.getFirstValue();
  if (property === null || property === undefined || !(value instanceof ICAL.Time)) return undefined;
  return momentOf(value, property, calendar, floating);
}
