import ICAL from 'ical.js';
import { everything, instancesOf, lengthOf, type Range } from '../recurrence/instances.ts';
import { propertyMoment } from '../recurrence/moment.ts';
import type { Zone } from '../recurrence/zone.ts';
import type { BusyPeriod, BusyType } from './busy-time.ts';

/** What a VAVAILABILITY says, and of which time. */
interface Availability {
  /** 1 goes before 9, and 0 comes last (RFC 7953 section 3.1). */
  readonly priority: number;
  readonly range: Range;
  /** What the time is that is not free; undefined where that says nothing. */
  readonly otherwise: BusyType;
  readonly free: readonly Range[];
}

/** The times at which nobody should count on the owner of some VAVAILABILITY components (RFC 7953 section 5). */
export function unavailablePeriods(
  calendars: readonly ICAL.Component[],
  range: Range,
  maxInstances: number,
  floating: Zone,
): BusyPeriod[] {
  const all = calendars.flatMap((calendar) =>
    calendar
      .getAllSubcomponents('vavailability')
      .map((component) => read(component, calendar, range, maxInstances, floating)),
  );
  const rank = ({ priority }: Availability): number => (priority === 0 ? 10 : priority);
  let periods: BusyPeriod[] = [];
  // What goes before is put over what comes after it.
  for (const { range: within, otherwise, free } of all.sort((a, b) => rank(b) - rank(a))) {
    const from = Math.max(within.fromMs, range.fromMs);
    const to = Math.min(within.toMs, range.toMs);
    if (from >= to) continue;
    periods = cut(periods, { fromMs: from, toMs: to });
    let own: BusyPeriod[] = [{ fromMs: from, toMs: to, type: otherwise }];
    for (const available of free) own = cut(own, available);
    periods.push(...own);
  }
  return periods;
}

/** Periods without what is in a range. */
const cut = (periods: readonly BusyPeriod[], { fromMs, toMs }: Range): BusyPeriod[] =>
  periods.flatMap((period) =>
    [
      { ...period, toMs: Math.min(period.toMs, fromMs) },
      { ...period, fromMs: Math.max(period.fromMs, toMs) },
    ].filter((rest) => rest.fromMs < rest.toMs),
  );

function read(
  component: ICAL.Component,
  calendar: ICAL.Component,
  range: Range,
  maxInstances: number,
  floating: Zone,
): Availability {
  const start = propertyMoment(component, 'dtstart', calendar, floating);
  const isBounded = component.hasProperty('dtend') || component.hasProperty('duration');
  const type = String(component.getFirstPropertyValue('busytype') ?? '').toUpperCase();
  return {
    priority: Number(component.getFirstPropertyValue('priority') ?? 0) || 0,
    range: {
      fromMs: start?.utcMs ?? everything.fromMs,
      toMs:
        start !== undefined && isBounded
          ? start.utcMs + lengthOf(component, calendar, floating, start)
          : everything.toMs,
    },
    otherwise: type === 'BUSY' || type === 'BUSY-TENTATIVE' ? type : 'BUSY-UNAVAILABLE',
    free: seriesOf(component, calendar).flatMap((series) =>
      instancesOf(series, range, maxInstances, floating).map(({ startMs, endMs }) => ({
        fromMs: startMs,
        toMs: endMs,
      })),
    ),
  };
}

/** The AVAILABLE components of one UID recur as events do. */
function seriesOf(component: ICAL.Component, calendar: ICAL.Component): ICAL.Component[] {
  const zones = calendar.getAllSubcomponents('vtimezone').map((zone): unknown => zone.toJSON());
  const byUid = new Map<string, unknown[]>();
  for (const available of component.getAllSubcomponents('available')) {
    const uid = String(available.getFirstPropertyValue('uid') ?? '');
    const [, properties]: [string, unknown[], ...unknown[]] = available.toJSON();
    byUid.set(uid, [...(byUid.get(uid) ?? []), ['vevent', properties, []]]);
  }
  return [...byUid.values()].map(
    (events) => new ICAL.Component(structuredClone(['vcalendar', [], [...zones, ...events]])),
  );
}
