import ICAL from 'ical.js';
import { child, children, type XmlElement } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import { momentOf } from '../recurrence/moment.ts';
import type { Zone } from '../recurrence/zone.ts';
import { parameterValues } from './parameter-values.ts';
import { compileTextMatch, type TextTest } from './text-match.ts';
import { readTimeRange } from './time-range.ts';

/** Whether a property matches, given the calendar it is in. */
type PropertyTest = (property: ICAL.Property, calendar: ICAL.Component, floating: Zone) => boolean;

export type ComponentPropertyTest = (
  component: ICAL.Component,
  calendar: ICAL.Component,
  floating: Zone,
) => boolean;

/** The values of a property as text, without the escapes of the format. */
export const textOf = (property: ICAL.Property, written: (value: unknown) => string = String): string => {
  const values = property.getValues() as unknown[]; // typed `any[]`; `unknown` is what it may be relied on for
  return values.map((value) => (Array.isArray(value) ? value.flat().join(';') : written(value))).join(',');
};

/** Times as iCalendar writes them, not as ical.js prints them. */
const writtenInCalendar = (value: unknown): string =>
  value instanceof ICAL.Time || value instanceof ICAL.Period || value instanceof ICAL.UtcOffset
    ? value.toICALString()
    : String(value);

function compileParameter(filter: XmlElement): (property: ICAL.Property) => boolean {
  const name = nameOf(filter).toLowerCase();
  const absent = child(filter, filter.ns, 'is-not-defined') !== undefined;
  const match = child(filter, filter.ns, 'text-match');
  const test = match === undefined ? undefined : compileTextMatch(match);
  return (property) => {
    const values = parameterValues(property, name);
    if (absent) return values === undefined;
    return values !== undefined && (test === undefined || values.some(test));
  };
}

export function nameOf({ attributes, ns, name }: XmlElement): string {
  const value = attributes['name'];
  if (value === undefined || value === '')
    throw new Refusal(403, `${name} needs a name`, { ns, name: 'valid-filter' });
  return value;
}

/** Compiles a `prop-filter` of calendar-query. @throws Refusal 403 */
export function compilePropertyFilter(filter: XmlElement): ComponentPropertyTest {
  const name = nameOf(filter).toLowerCase();
  if (child(filter, filter.ns, 'is-not-defined') !== undefined)
    return (component) => !component.hasProperty(name);
  const tests: PropertyTest[] = children(filter, filter.ns, 'param-filter').map(compileParameter);
  const match = child(filter, filter.ns, 'text-match');
  if (match !== undefined) tests.push(textTest(compileTextMatch(match)));
  const range = child(filter, filter.ns, 'time-range');
  if (range !== undefined) tests.push(rangeTest(range));
  return (component, calendar, floating) =>
    component
      .getAllProperties(name)
      .some((property) => tests.every((test) => test(property, calendar, floating)));
}

const textTest =
  (test: TextTest): PropertyTest =>
  (property) =>
    test(textOf(property, writtenInCalendar));

function rangeTest(element: XmlElement): PropertyTest {
  const { fromMs, toMs } = readTimeRange(element);
  return (property, calendar, floating) => {
    const value: unknown = property.getFirstValue();
    if (!(value instanceof ICAL.Time)) return false;
    const at = momentOf(value, property, calendar, floating).utcMs;
    return fromMs <= at && toMs > at;
  };
}
