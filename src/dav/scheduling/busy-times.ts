import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import { unavailablePeriods } from '../objects/availability.ts';
import type { BusyPeriod } from '../objects/busy-time.ts';
import { availabilityOf } from '../properties/availability.ts';
import { isOpaque, ownCalendars } from '../properties/free-busy-set.ts';
import { createView } from '../properties/view.ts';
import type { Range } from '../recurrence/instances.ts';
import { zoneOfCollection } from '../reports/floating-zone.ts';
import { calendarBusy } from '../reports/free-busy-query.ts';
import { locate } from '../tree/locate.ts';

/** When a user is busy, as others are told (RFC 6638 section 5 and RFC 7953 section 7.2). */
export function busyTimesOf(
  context: DavContext,
  exchange: Exchange,
  user: string,
  range: Range,
): BusyPeriod[] {
  const inbox = locate(context.store, user, ['calendars', user, 'inbox']).resource;
  if (inbox === undefined) return [];
  const view = createView(context, exchange);
  const busy = ownCalendars(inbox, view)
    .filter((calendar) => isOpaque(calendar, view))
    .flatMap((calendar) => calendarBusy(context, calendar, range, zoneOfCollection(calendar, view)));
  const availability = availabilityOf(inbox, view);
  if (availability === undefined) return busy;
  const zone = zoneOfCollection(inbox, view);
  return [...busy, ...unavailablePeriods([availability], range, context.limits.maxInstances, zone)];
}
