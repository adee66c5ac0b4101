import type ICAL from 'ical.js';
import { child, children, ns, type XmlElement } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import type { Range } from '../recurrence/instances.ts';
import type { Zone } from '../recurrence/zone.ts';
import { checkFilter } from './filter-grammar.ts';
import { alarmInRange, inRange, type RangeSubject } from './component-range.ts';
import { compilePropertyFilter, nameOf } from './property-filter.ts';
import { readTimeRange } from './time-range.ts';

/** A compiled `C:filter`. */
export interface CalendarFilter {
  matches(calendar: ICAL.Component, floating: Zone): boolean;
  /** The only component type that can match, when the filter names one. */
  readonly component: string | undefined;
  /** Outside this range nothing of that type matches. */
  readonly range: Range | undefined;
  /** Whether type and range are all that the filter asks. */
  readonly plain: boolean;
}

type ComponentTest = (
  component: ICAL.Component,
  parent: ICAL.Component | undefined,
  calendar: ICAL.Component,
  floating: Zone,
) => boolean;

const knownRoot = (filter: XmlElement): XmlElement => {
  const roots = children(filter, ns.caldav, 'comp-filter');
  const [root] = roots;
  if (root === undefined || roots.length > 1)
    throw new Refusal(403, 'a filter needs one comp-filter', { ns: ns.caldav, name: 'valid-filter' });
  if (nameOf(root).toUpperCase() !== 'VCALENDAR') {
    throw new Refusal(403, 'the outermost comp-filter must be VCALENDAR', {
      ns: ns.caldav,
      name: 'valid-filter',
    });
  }
  return root;
};

/** Compiles the filter of a calendar-query (RFC 4791 section 9.7). @throws Refusal 403 */
export function compileCalendarFilter(filter: XmlElement, maxInstances: number): CalendarFilter {
  const root = knownRoot(filter);
  checkFilter(root);
  const test = compileComponent(root, maxInstances);
  const inner = children(root, ns.caldav, 'comp-filter');
  const [only] = inner;
  const narrow =
    inner.length === 1 && only !== undefined && child(only, ns.caldav, 'is-not-defined') === undefined;
  const range = narrow ? child(only, ns.caldav, 'time-range') : undefined;
  const plain =
    root.children.length === 0 ||
    (narrow && root.children.length === 1 && only.children.every((part) => part === range));
  return {
    matches: (calendar, floating) => test(calendar, undefined, calendar, floating),
    component: narrow ? nameOf(only).toUpperCase() : undefined,
    range: range === undefined ? undefined : readTimeRange(range),
    plain,
  };
}

function compileComponent(filter: XmlElement, maxInstances: number): ComponentTest {
  const properties = children(filter, ns.caldav, 'prop-filter').map(compilePropertyFilter);
  const range = child(filter, ns.caldav, 'time-range');
  const wanted = range === undefined ? undefined : readTimeRange(range);
  const inner = children(filter, ns.caldav, 'comp-filter').map((part) => compileMembers(part, maxInstances));
  return (component, parent, calendar, floating) => {
    if (!properties.every((test) => test(component, calendar, floating))) return false;
    if (
      wanted !== undefined &&
      !overlaps(component, parent, { component, calendar, floating, maxInstances }, wanted)
    )
      return false;
    return inner.every((test) => test(component, parent, calendar, floating));
  };
}

function overlaps(
  component: ICAL.Component,
  parent: ICAL.Component | undefined,
  subject: RangeSubject,
  range: Range,
): boolean {
  if (component.name === 'vcalendar') return true;
  if (component.name !== 'valarm') return inRange(subject, range);
  return parent !== undefined && alarmInRange(component, { ...subject, component: parent }, range);
}

function compileMembers(filter: XmlElement, maxInstances: number): ComponentTest {
  const name = nameOf(filter).toLowerCase();
  if (child(filter, ns.caldav, 'is-not-defined') !== undefined) {
    return (component) => component.getFirstSubcomponent(name) === null;
  }
  const test = compileComponent(filter, maxInstances);
  return (component, _parent, calendar, floating) =>
    component.getAllSubcomponents(name).some((member) => test(member, component, calendar, floating));
}
