import ICAL from 'ical.js';
import { around, taskOverlaps } from '../query/component-range.ts';
import {
  happenings,
  instancesOf,
  overlaps,
  takesTimesOfWhole,
  type Instance,
  type Range,
} from '../recurrence/instances.ts';
import { propertyMoment } from '../recurrence/moment.ts';
import type { Zone } from '../recurrence/zone.ts';
import { copyOf } from './copy-component.ts';

const utcTime = (ms: number): ICAL.Time => ICAL.Time.fromJSDate(new Date(ms), true);

const dateTime = (localMs: number): ICAL.Time => {
  const date = new Date(localMs);
  return ICAL.Time.fromData({
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    isDate: true,
  });
};

const recurrenceProperties = ['rrule', 'rdate', 'exdate', 'exrule', 'recurrence-id'];

/** One component for each instance in a range, in UTC (RFC 4791 section 9.6.5). */
export function expandCalendar(
  calendar: ICAL.Component,
  range: Range,
  maxInstances: number,
  floating: Zone,
): ICAL.Component {
  const result = new ICAL.Component('vcalendar');
  for (const property of calendar.getAllProperties()) {
    result.addProperty(new ICAL.Property(structuredClone(property.toJSON())));
  }
  for (const instance of instancesOf(calendar, around(range), maxInstances, floating)) {
    if (!isIn(instance, range)) continue;
    result.addSubcomponent(expanded(instance, calendar, floating));
  }
  return result;
}

function isIn(instance: Instance, range: Range): boolean {
  const { component, start, startMs, endMs } = instance;
  if (start === undefined) return true;
  if (component.name === 'vtodo' && (component.hasProperty('dtstart') || takesTimesOfWhole(component)))
    return taskOverlaps(instance, range);
  return overlaps(startMs, endMs, range);
}

function expanded(instance: Instance, calendar: ICAL.Component, floating: Zone): ICAL.Component {
  const component = copyOf(instance.component);
  const { start, startMs, endMs, localStartMs } = instance;
  const recurs = recurrenceProperties.some((name) => instance.component.hasProperty(name));
  for (const name of recurrenceProperties) component.removeAllProperties(name);
  const like = start ?? propertyMoment(instance.component, 'recurrence-id', calendar, floating);
  if (like === undefined) return component;
  const put = (name: string, ms: number, localMs: number): void => {
    component.removeAllProperties(name);
    component.addPropertyWithValue(name, like.isDate ? dateTime(localMs) : utcTime(ms));
  };
  const inherits = takesTimesOfWhole(instance.component);
  if (start !== undefined && (component.name !== 'vtodo' || component.hasProperty('dtstart') || inherits))
    put('dtstart', startMs, localStartMs);
  for (const name of ['dtend', 'due']) {
    const has = component.hasProperty(name) || (inherits && name === 'due' && endMs > startMs);
    if (start !== undefined && has) put(name, endMs, localStartMs + (endMs - startMs));
  }
  if (recurs && instance.recurrenceMs !== undefined) {
    put('recurrence-id', instance.recurrenceMs, instance.recurrenceLocalMs ?? instance.recurrenceMs);
  }
  for (const name of ['created', 'last-modified', 'completed', 'dtstamp']) {
    const moment = propertyMoment(component, name, calendar, floating);
    if (moment !== undefined && moment.zoneName !== 'utc') put(name, moment.utcMs, moment.localMs);
  }
  return component;
}

/** Leaves out the overrides that neither are in a range nor took an instance out of it (RFC 4791 section 9.6.6). */
export function limitRecurrences(
  calendar: ICAL.Component,
  range: Range,
  maxInstances: number,
  floating: Zone,
): ICAL.Component {
  const result = copyOf(calendar);
  const kept = new Set(instancesOf(result, range, maxInstances, floating).map(({ component }) => component));
  for (const component of happenings(result)) {
    const id = propertyMoment(component, 'recurrence-id', result, floating);
    if (id === undefined || kept.has(component)) continue;
    const was = id.utcMs >= range.fromMs && id.utcMs < range.toMs;
    if (!was) result.removeSubcomponent(component);
  }
  return result;
}

/** Keeps the busy periods that overlap a range (RFC 4791 section 9.6.7). */
export function limitFreeBusy(calendar: ICAL.Component, range: Range): void {
  for (const component of calendar.getAllSubcomponents('vfreebusy')) {
    for (const property of component.getAllProperties('freebusy')) {
      const periods = (property.getValues() as unknown[]).filter((value) => value instanceof ICAL.Period); // typed `any[]`
      const inside = periods.filter(
        (period) =>
          period.start.toUnixTime() * 1000 < range.toMs && period.getEnd().toUnixTime() * 1000 > range.fromMs,
      );
      if (inside.length === 0) component.removeProperty(property);
      else property.setValues(inside);
    }
  }
}
