import ICAL from 'ical.js';
import { dayMs } from './civil.ts';
import { everything, happenings, instancesOf } from './instances.ts';
import { propertyMoment } from './moment.ts';
import { utcZone } from './zone.ts';

export interface Bounds {
  readonly starts: number | null;
  readonly ends: number | null;
  /** Whether the bounds are the very start and end of the one instance. */
  readonly exact: boolean;
}

const forever = 8.64e15;
/** How far a zone can put a local time from UTC, both ways. */
const zoneSlackMs = dayMs;
/** A duration can reach beyond every date, and beyond the integers that are read back from the store. */
const storable = (ms: number): number => Math.max(-forever, Math.min(forever, ms));
const timeless: Bounds = { starts: null, ends: null, exact: false };

/** Whether a rule of it has neither UNTIL nor COUNT. */
export const isEndless = (calendar: ICAL.Component): boolean =>
  happenings(calendar).some((component) =>
    component.getAllProperties('rrule').some((property) => {
      const recur = property.getFirstValue();
      return recur instanceof ICAL.Recur && recur.until === null && recur.count === null;
    }),
  );

/**
 * An interval that holds every instance of an object, so that a time range query can pass over it without
 * parsing. Wider than exact where dates and local times may be read in any zone. Null where the object has no
 * start, or its time can be matched in other ways (tasks, alarms of their own time).
 */
export function boundsOf(calendar: ICAL.Component, maxInstances: number): Bounds {
  const components = happenings(calendar);
  if (components.some(({ name }) => name !== 'vevent' && name !== 'vjournal')) return timeless;
  const endless = isEndless(calendar);
  if (components.every((component) => propertyMoment(component, 'dtstart', calendar, utcZone) === undefined))
    return timeless;
  const range = endless ? { fromMs: everything.fromMs, toMs: everything.toMs } : everything;
  const instances = instancesOf(calendar, range, endless ? 2 : maxInstances + 1);
  const first = instances[0];
  if (first === undefined) return timeless;
  const only = components.length === 1 && !recurs(components) ? first : undefined;
  if (only?.component.name === 'vevent' && only.start?.zoneName !== 'floating') {
    return { starts: storable(only.startMs), ends: storable(only.endMs), exact: true };
  }
  const starts = Math.min(
    ...components.map(
      (component) => propertyMoment(component, 'dtstart', calendar, utcZone)?.utcMs ?? first.startMs,
    ),
    first.startMs,
  );
  const last = instances.reduce((latest, { endMs }) => Math.max(latest, endMs), first.endMs);
  const cut = endless || instances.length > maxInstances;
  const ends = cut ? forever : storable(last + zoneSlackMs);
  return { starts: storable(starts - zoneSlackMs), ends, exact: false };
}

const recurs = (components: readonly ICAL.Component[]): boolean =>
  components.some((component) => component.hasProperty('rrule') || component.hasProperty('rdate'));
