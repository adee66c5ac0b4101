import { child, ns } from '../../xml/index.ts';
import { reachOf } from './reach.ts';
import type { Depth } from '../http/depth.ts';
import { Refusal } from '../http/refusal.ts';
import { parseCalendar } from '../objects/parse-calendar.ts';
import { multistatusOf, propertiesResponse } from '../properties/multistatus.ts';
import { readSelection } from '../properties/selection.ts';
import { createView } from '../properties/view.ts';
import { compileCalendarFilter, type CalendarFilter } from '../query/calendar-filter.ts';
import type { Node } from '../store/node.ts';
import type { Zone } from '../recurrence/zone.ts';
import { asTheyAre } from '../tree/as-they-are.ts';
import { memberResource } from '../tree/locate.ts';
import type { Resource } from '../tree/resource.ts';
import type { DavContext } from '../context.ts';
import { floatingZone } from './floating-zone.ts';
import { wantsNoZones } from '../objects/zones-by-reference.ts';
import { dataProperty, textOfObject } from './object-data.ts';
import type { Report, ReportRequest } from './report.ts';

/** calendar-query (RFC 4791 section 7.8). */
export const calendarQuery: Report = (request) => {
  const { context, exchange, root, resource } = request;
  const view = createView(context, exchange);
  const floating = floatingZone(root, resource, view);
  const element = child(root, ns.caldav, 'filter');
  if (element === undefined) throw new Refusal(400, 'a calendar-query needs a filter');
  const filter = compileCalendarFilter(element, context.limits.maxInstances);
  const selection = readSelection(root, (asked) =>
    dataProperty(asked, floating, wantsNoZones(exchange.headers)),
  );
  const responses = candidates(request, filter)
    .filter((object) => matches(context, object, filter, floating))
    .map((object) => propertiesResponse(object, view, selection, exchange.preferences.minimal));
  return multistatusOf(responses);
};

/** Objects that the stored bounds do not rule out. */
function* candidates(request: ReportRequest, filter: CalendarFilter): Generator<Resource> {
  const { exchange, resource } = request;
  const depth = reachOf(exchange, resource);
  if (resource.node.kind === 'object') yield resource;
  else if (depth !== 0) yield* candidatesIn(request, filter, depth, resource);
}

function* candidatesIn(
  request: ReportRequest,
  filter: CalendarFilter,
  depth: Depth,
  collection: Resource,
): Generator<Resource> {
  const { context, exchange } = request;
  const { kind, id } = collection.content;
  const isCalendar = kind === 'calendar' || kind === 'inbox';
  const members: Iterable<Node> =
    isCalendar && filter.range !== undefined
      ? context.store.nodes.membersInRange(id, filter.range.fromMs, filter.range.toMs)
      : context.members(collection.content);
  const now = asTheyAre(context.store);
  for (const listed of members) {
    const node = now(listed);
    if (node === undefined) continue;
    if (node.kind === 'object') {
      if (filter.component === undefined || node.component === filter.component) {
        yield memberResource(context.store, exchange.user, collection, node);
      }
    } else if (depth === 'infinity' && node.kind === 'calendar') {
      const member = memberResource(context.store, exchange.user, collection, node);
      yield* candidatesIn(request, filter, depth, member);
    }
  }
}

function matches(context: DavContext, object: Resource, filter: CalendarFilter, floating: Zone): boolean {
  const { node } = object;
  if (!node.type.startsWith('text/calendar')) return false;
  if (filter.plain) {
    if (filter.range === undefined) return true;
    const { starts, ends } = node;
    if (node.exact === 1 && starts !== null && ends !== null) {
      const { fromMs, toMs } = filter.range;
      return starts < toMs && (ends > fromMs || (starts === ends && starts >= fromMs));
    }
  }
  const calendar = parseCalendar(textOfObject(context, object));
  return calendar !== undefined && filter.matches(calendar, floating);
}
