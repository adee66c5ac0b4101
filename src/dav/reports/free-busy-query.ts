import type ICAL from 'ical.js';
import { child, ns, type XmlElement } from '../../xml/index.ts';
import type { DavContext } from '../context.ts';
import { readDepth } from '../http/depth.ts';
import { Refusal } from '../http/refusal.ts';
import { busyLines, busyPeriods, type BusyPeriod } from '../objects/busy-time.ts';
import { unavailablePeriods } from '../objects/availability.ts';
import { parseCalendar } from '../objects/parse-calendar.ts';
import { isOpaque } from '../properties/free-busy-set.ts';
import { createView } from '../properties/view.ts';
import { readTimeRange, utcText } from '../query/time-range.ts';
import { everything, type Range } from '../recurrence/instances.ts';
import type { Zone } from '../recurrence/zone.ts';
import { memberResource } from '../tree/locate.ts';
import type { Resource } from '../tree/resource.ts';
import { floatingZone } from './floating-zone.ts';
import type { Report } from './report.ts';

const busying: ReadonlySet<string | null> = new Set(['VEVENT', 'VFREEBUSY', 'VAVAILABILITY']);

/** The busy times of the objects in one calendar. */
export function calendarBusy(
  context: DavContext,
  calendar: Resource,
  range: Range,
  floating: Zone,
): BusyPeriod[] {
  const { nodes } = context.store;
  const { maxInstances } = context.limits;
  const availability: ICAL.Component[] = [];
  const busy = nodes.membersInRange(calendar.content.id, range.fromMs, range.toMs).flatMap((node) => {
    if (!busying.has(node.component)) return [];
    const parsed = parseCalendar(nodes.text(node.id));
    if (node.component === 'VAVAILABILITY' && parsed !== undefined) availability.push(parsed);
    return parsed === undefined ? [] : busyPeriods(parsed, range, maxInstances, floating);
  });
  return [...busy, ...unavailablePeriods(availability, range, maxInstances, floating)];
}

/** No precondition names what is wrong with a range here (RFC 4791 section 7.10). @throws Refusal 400 */
function readBusyRange(element: XmlElement): Range {
  try {
    return readTimeRange(element);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(400, error.message) : error;
  }
}

/** free-busy-query (RFC 4791 section 7.10). */
export const freeBusyQuery: Report = ({ context, exchange, root, resource }) => {
  const element = child(root, ns.caldav, 'time-range');
  if (element === undefined) throw new Refusal(400, 'a free-busy-query needs a time-range');
  const range = readBusyRange(element);
  const view = createView(context, exchange);
  const depth = readDepth(exchange.headers['depth'], 0);
  const calendars: Resource[] = resource.content.kind === 'calendar' ? [resource] : [];
  if (resource.content.kind === 'calendar-home' && depth !== 0) {
    const members = context.store.nodes.members(resource.content.id);
    calendars.push(
      ...members
        .filter(({ kind }) => kind === 'calendar')
        .map((node) => memberResource(context.store, exchange.user, resource, node))
        .filter((calendar) => isOpaque(calendar, view)),
    );
  }
  const periods = calendars.flatMap((calendar) =>
    calendarBusy(context, calendar, range, floatingZone(root, calendar, view)),
  );
  const body = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//davpulse//davpulse//EN',
    'BEGIN:VFREEBUSY',
    `DTSTAMP:${utcText(context.now())}`,
    ...(range.fromMs === everything.fromMs ? [] : [`DTSTART:${utcText(range.fromMs)}`]),
    ...(range.toMs === everything.toMs ? [] : [`DTEND:${utcText(range.toMs)}`]),
    ...busyLines(periods),
    'END:VFREEBUSY',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
  return { status: 200, headers: { 'content-type': 'text/calendar; charset=utf-8' }, body };
};
