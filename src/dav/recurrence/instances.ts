import ICAL from 'ical.js';
import { dayMs } from './civil.ts';
import { expandRule } from './expand-rule.ts';
import { followedAt, isForFollowing, reachOf, type Following } from './following.ts';
import { momentOf, propertyMoment, type Moment } from './moment.ts';
import { readRule } from './rule.ts';
import { utcZone, type Zone } from './zone.ts';

/** One occurrence of a component. */
export interface Instance {
  /** The component that describes it: the master or an override. */
  readonly component: ICAL.Component;
  readonly startMs: number;
  /** Equal to `startMs` where nothing gives a duration. */
  readonly endMs: number;
  /** Where it starts in the time of its DTSTART, as if it were UTC. */
  readonly localStartMs: number;
  readonly start: Moment | undefined;
  /** UTC ms of its place in the recurrence set; undefined when it does not recur. */
  readonly recurrenceMs: number | undefined;
  /** The same in the local time of the master's DTSTART. */
  readonly recurrenceLocalMs: number | undefined;
}

export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

export const everything: Range = { fromMs: -8.64e15, toMs: 8.64e15 };

const durationMs = (value: ICAL.Duration): number => value.toSeconds() * 1000;

/** Length of an event, task or journal entry: DTEND, DUE or DURATION, else a day for dates. */
export function lengthOf(
  component: ICAL.Component,
  calendar: ICAL.Component,
  floating: Zone,
  start: Moment,
): number {
  const end = propertyMoment(component, component.name === 'vtodo' ? 'due' : 'dtend', calendar, floating);
  if (end !== undefined) return Math.max(0, end.utcMs - start.utcMs);
  const duration = component.getFirstPropertyValue('duration');
  if (duration instanceof ICAL.Duration) return Math.max(0, durationMs(duration));
  return start.isDate && component.name !== 'vtodo' ? dayMs : 0;
}

const timed = (component: ICAL.Component): boolean =>
  component.name !== 'vtimezone' && component.name !== 'valarm';

/** The components of an object that recur or happen, without its time zones. */
export const happenings = (calendar: ICAL.Component): ICAL.Component[] =>
  calendar.getAllSubcomponents().filter(timed);

function datesOf(
  master: ICAL.Component,
  name: string,
  calendar: ICAL.Component,
  floating: Zone,
): { moment: Moment; lengthMs: number | undefined }[] {
  return master.getAllProperties(name).flatMap((property) =>
    [...property.getValues()].flatMap(
      (value: unknown): { moment: Moment; lengthMs: number | undefined }[] => {
        if (value instanceof ICAL.Period) {
          const moment = momentOf(value.start, property, calendar, floating);
          return [{ moment, lengthMs: durationMs(value.getDuration()) }];
        }
        return value instanceof ICAL.Time
          ? [{ moment: momentOf(value, property, calendar, floating), lengthMs: undefined }]
          : [];
      },
    ),
  );
}

/**
 * The instances of an object that overlap a range, ascending by start, at most `limit`. Overrides take the place
 * of the instances they name. `floating` is the zone of dates and local times.
 * @throws RangeError on a recurrence rule that RFC 5545 does not allow
 */
export function instancesOf(
  calendar: ICAL.Component,
  range: Range,
  limit: number,
  floating: Zone = utcZone,
): Instance[] {
  const components = happenings(calendar);
  const overrides = components.filter((component) => component.hasProperty('recurrence-id'));
  const whole = components.find((component) => !overrides.includes(component));
  const replaced = new Set<number>();
  const found: Instance[] = [];
  const following: Following[] = [];
  for (const component of overrides) {
    const id = propertyMoment(component, 'recurrence-id', calendar, floating);
    if (id !== undefined) replaced.add(id.utcMs);
    found.push(...single(component, calendar, floating, range, id, whole));
    const start = propertyMoment(component, 'dtstart', calendar, floating) ?? id;
    if (id === undefined || start === undefined || !isForFollowing(component)) continue;
    const lengthMs = lengthOf(component, calendar, floating, start);
    following.push({ component, fromMs: id.utcMs, shiftMs: start.utcMs - id.utcMs, lengthMs, start });
  }
  const changes = { replaced, following: following.toSorted((a, b) => a.fromMs - b.fromMs) };
  for (const master of components) {
    if (!overrides.includes(master))
      found.push(...instancesOfMaster(master, calendar, range, limit, floating, changes));
  }
  return found.sort((a, b) => a.startMs - b.startMs).slice(0, limit);
}

export const overlaps = (startMs: number, endMs: number, { fromMs, toMs }: Range): boolean =>
  startMs < toMs && (endMs > fromMs || (startMs === endMs && startMs >= fromMs));

function single(
  component: ICAL.Component,
  calendar: ICAL.Component,
  floating: Zone,
  range: Range,
  id: Moment | undefined,
  whole?: ICAL.Component,
): Instance[] {
  const isDueOnly = component.name === 'vtodo' && component.hasProperty('due');
  const start = propertyMoment(component, 'dtstart', calendar, floating) ?? (isDueOnly ? undefined : id);
  if (start === undefined) {
    return [
      {
        component,
        startMs: range.fromMs,
        endMs: range.fromMs,
        localStartMs: range.fromMs,
        start,
        recurrenceMs: id?.utcMs,
        recurrenceLocalMs: id?.localMs,
      },
    ];
  }
  const endMs = start.utcMs + lengthOfSingle(component, calendar, floating, start, whole);
  if (!overlaps(start.utcMs, endMs, range)) return [];
  return [
    {
      component,
      startMs: start.utcMs,
      endMs,
      localStartMs: start.localMs,
      start,
      recurrenceMs: id?.utcMs,
      recurrenceLocalMs: id?.localMs,
    },
  ];
}

/** A task that says of an instance neither when it starts nor when it is due takes as long as the others. */
function lengthOfSingle(
  component: ICAL.Component,
  calendar: ICAL.Component,
  floating: Zone,
  start: Moment,
  whole: ICAL.Component | undefined,
): number {
  const from = whole && propertyMoment(whole, 'dtstart', calendar, floating);
  return whole !== undefined && from !== undefined && takesTimesOfWhole(component)
    ? lengthOf(whole, calendar, floating, from)
    : lengthOf(component, calendar, floating, start);
}

/** Whether an instance of a task has its times from the task as a whole. */
export const takesTimesOfWhole = (component: ICAL.Component): boolean =>
  component.name === 'vtodo' &&
  component.hasProperty('recurrence-id') &&
  !['dtstart', 'due', 'duration'].some((name) => component.hasProperty(name));

interface Overrides {
  /** UTC ms of instances that have a component of their own. */
  readonly replaced: ReadonlySet<number>;
  readonly following: readonly Following[];
}

function instancesOfMaster(
  master: ICAL.Component,
  calendar: ICAL.Component,
  range: Range,
  limit: number,
  floating: Zone,
  { replaced, following }: Overrides,
): Instance[] {
  // A task may recur by when it is due.
  const start =
    propertyMoment(master, 'dtstart', calendar, floating) ??
    (master.name === 'vtodo' ? propertyMoment(master, 'due', calendar, floating) : undefined);
  const rules = master.getAllProperties('rrule');
  const dates = start === undefined ? [] : datesOf(master, 'rdate', calendar, floating);
  if (start === undefined || (rules.length === 0 && dates.length === 0)) {
    return single(master, calendar, floating, range, undefined);
  }
  const lengthMs = lengthOf(master, calendar, floating, start);
  const excluded = new Set(datesOf(master, 'exdate', calendar, floating).map(({ moment }) => moment.utcMs));
  const starts = new Map<number, { local: number; lengthMs: number }>([
    [start.utcMs, { local: start.localMs, lengthMs }],
  ]);
  for (const { moment, lengthMs: own } of dates) {
    starts.set(moment.utcMs, { local: start.zone.toLocal(moment.utcMs), lengthMs: own ?? lengthMs });
  }
  // A local time is at most a day from the same time in UTC.
  const window = {
    fromMs: range.fromMs - lengthMs - dayMs - reachOf(following),
    toMs: range.toMs + dayMs + reachOf(following),
    limit: limit + replaced.size + excluded.size + 64,
  };
  for (const property of rules) {
    const recur = property.getFirstValue();
    if (!(recur instanceof ICAL.Recur)) continue;
    for (const local of expandRule(readRule(recur, untilOf(recur, start)), start.localMs, window)) {
      starts.set(start.zone.toUtc(local), { local, lengthMs });
    }
  }
  return [...starts]
    .filter(([at]) => !excluded.has(at) && !replaced.has(at))
    .map(([at, { local, lengthMs: own }]) => {
      const followed = followedAt(following, at);
      const startMs = at + (followed?.shiftMs ?? 0);
      return {
        component: followed?.component ?? master,
        startMs,
        endMs: startMs + (followed?.lengthMs ?? own),
        localStartMs: local + (followed?.shiftMs ?? 0),
        start: followed?.start ?? start,
        recurrenceMs: at,
        recurrenceLocalMs: local,
      };
    })
    .filter(({ startMs, endMs }) => overlaps(startMs, endMs, range));
}

/** UNTIL in the local time of the start; a date includes its whole day (RFC 5545 section 3.3.10). */
function untilOf(recur: ICAL.Recur, start: Moment): number | undefined {
  const { until } = recur;
  if (until === null || until === undefined) return undefined;
  const local = Date.UTC(until.year, until.month - 1, until.day, until.hour, until.minute, until.second);
  if (until.isDate) return start.isDate ? local : local + dayMs - 1;
  if (until.zone !== ICAL.Timezone.utcTimezone) return local;
  return start.isDate ? local : start.zone.toLocal(local);
}
