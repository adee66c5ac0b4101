import ICAL from 'ical.js';
import { child, children, ns, type XmlElement } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import { readTimeRange } from '../query/time-range.ts';
import type { Range } from '../recurrence/instances.ts';
import type { Zone } from '../recurrence/zone.ts';
import { expandCalendar, limitFreeBusy, limitRecurrences } from './expand-calendar.ts';
import { copyOf } from './copy-component.ts';
import { parseCalendar } from './parse-calendar.ts';

export type Transform = (text: string, maxInstances: number) => string;

/** What is made of a recurrence has a start and an end (RFC 4791 sections 9.6.5 to 9.6.7). @throws Refusal 400, 403 */
function readWholeRange(element: XmlElement): Range {
  if (element.attributes['start'] === undefined || element.attributes['end'] === undefined)
    throw new Refusal(400, `${element.name} needs a start and an end`);
  return readTimeRange(element);
}

/** Compiles `C:calendar-data` (RFC 4791 section 9.6); without children it is the stored text: undefined. @throws Refusal 403 */
export function compileCalendarData(asked: XmlElement, floating: Zone): Transform | undefined {
  const expand = child(asked, ns.caldav, 'expand');
  const limit = child(asked, ns.caldav, 'limit-recurrence-set');
  const busy = child(asked, ns.caldav, 'limit-freebusy-set');
  const comp = child(asked, ns.caldav, 'comp');
  if ((expand ?? limit ?? busy ?? comp) === undefined) return undefined;
  const expandRange = expand && readWholeRange(expand);
  const limitRange = limit && readWholeRange(limit);
  const busyRange = busy && readWholeRange(busy);
  return (text, maxInstances) => {
    const calendar = parseCalendar(text);
    if (calendar === undefined) return text;
    let result = calendar;
    if (expandRange !== undefined) result = expandCalendar(result, expandRange, maxInstances, floating);
    if (limitRange !== undefined) result = limitRecurrences(result, limitRange, maxInstances, floating);
    if (busyRange !== undefined) limitFreeBusy(result, busyRange);
    return `${(comp === undefined ? result : prune(result, comp)).toString()}\r\n`;
  };
}

/** Keeps the properties and components that a `C:comp` names; one that names none is meant to keep all. */
function prune(component: ICAL.Component, comp: XmlElement): ICAL.Component {
  // A copy: a component that is put into another one leaves the one it was in.
  if (comp.children.length === 0) return copyOf(component);
  const kept = new ICAL.Component(component.name);
  const allProperties = child(comp, ns.caldav, 'allprop') !== undefined;
  const properties = new Map(
    children(comp, ns.caldav, 'prop').map(({ attributes }) => [
      attributes['name']?.toLowerCase(),
      attributes['novalue'] === 'yes',
    ]),
  );
  for (const property of component.getAllProperties()) {
    const bare = properties.get(property.name);
    if (!allProperties && bare === undefined) continue;
    if (bare === true) kept.addPropertyWithValue(property.name, '');
    else kept.addProperty(new ICAL.Property(structuredClone(property.toJSON())));
  }
  const all = child(comp, ns.caldav, 'allcomp') !== undefined;
  const wanted = children(comp, ns.caldav, 'comp');
  for (const member of component.getAllSubcomponents()) {
    const part = wanted.find(({ attributes }) => attributes['name']?.toLowerCase() === member.name);
    if (part !== undefined) kept.addSubcomponent(prune(member, part));
    else if (all) kept.addSubcomponent(copyOf(member));
  }
  return kept;
}
