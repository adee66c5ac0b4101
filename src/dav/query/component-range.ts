import ICAL from 'ical.js';
import { instancesOf, takesTimesOfWhole, type Instance, type Range } from '../recurrence/instances.ts';
import { propertyMoment } from '../recurrence/moment.ts';
import type { Zone } from '../recurrence/zone.ts';

/** What the rules of RFC 4791 section 9.9 look at. */
export interface RangeSubject {
  readonly component: ICAL.Component;
  readonly calendar: ICAL.Component;
  readonly floating: Zone;
  readonly maxInstances: number;
}

/** Whether a component, or one of its instances, overlaps a range. */
export function inRange(subject: RangeSubject, range: Range): boolean {
  const { component, calendar, floating } = subject;
  switch (component.name) {
    case 'vtodo':
      return todoInRange(subject, range);
    case 'vevent':
      return someInstance(subject, range);
    case 'vjournal':
      return component.hasProperty('dtstart') && someInstance(subject, range);
    case 'vfreebusy':
    case 'vavailability':
      return freeBusyInRange(component, calendar, floating, range);
    default:
      return false;
  }
}

/** Instances described by this very component. */
export const ownInstances = (
  { component, calendar, floating, maxInstances }: RangeSubject,
  range: Range,
): Instance[] =>
  instancesOf(calendar, range, maxInstances, floating).filter((instance) => instance.component === component);

const someInstance = (subject: RangeSubject, range: Range): boolean =>
  ownInstances(subject, range).length > 0;

function todoInRange(subject: RangeSubject, range: Range): boolean {
  const { component, calendar, floating } = subject;
  const { fromMs: start, toMs: end } = range;
  const at = (name: string): number | undefined => propertyMoment(component, name, calendar, floating)?.utcMs;
  if (component.hasProperty('dtstart') || takesTimesOfWhole(component))
    return ownInstances(subject, around(range)).some((instance) => taskOverlaps(instance, range));
  if (component.hasProperty('due')) {
    if (!component.hasProperty('rrule') && !component.hasProperty('rdate')) {
      const due = at('due');
      return due !== undefined && start < due && end >= due;
    }
    return ownInstances(subject, { fromMs: start, toMs: end + 1 }).some(
      ({ endMs }) => start < endMs && end >= endMs,
    );
  }
  const completed = at('completed');
  const created = at('created');
  if (completed !== undefined && created !== undefined) {
    return (start <= created || start <= completed) && (end >= created || end >= completed);
  }
  if (completed !== undefined) return start <= completed && end >= completed;
  return created === undefined || end > created;
}

/** Wider by one, as the rules for tasks let an instance that ends where the range starts take part. */
export const around = ({ fromMs, toMs }: Range): Range => ({ fromMs: fromMs - 1, toMs: toMs + 1 });

/** Whether an instance of a task that has a start overlaps a range (the table for VTODO of RFC 4791 section 9.9). */
export function taskOverlaps(
  { component, startMs, endMs }: Instance,
  { fromMs: start, toMs: end }: Range,
): boolean {
  if (component.hasProperty('due') || takesTimesOfWhole(component))
    return (start < endMs || start <= startMs) && (end > startMs || end >= endMs);
  if (startMs === endMs) return start <= startMs && end > startMs;
  return start <= endMs && (end > startMs || end >= endMs);
}

function freeBusyInRange(
  component: ICAL.Component,
  calendar: ICAL.Component,
  floating: Zone,
  range: Range,
): boolean {
  const start = propertyMoment(component, 'dtstart', calendar, floating)?.utcMs;
  const end = propertyMoment(component, 'dtend', calendar, floating)?.utcMs;
  if (start !== undefined && end !== undefined) return range.fromMs <= end && range.toMs > start;
  return component
    .getAllProperties('freebusy')
    .flatMap((property) => property.getValues() as unknown[]) // typed `any[]`
    .some((period) => {
      if (!(period instanceof ICAL.Period)) return false;
      return (
        range.fromMs < period.getEnd().toUnixTime() * 1000 && range.toMs > period.start.toUnixTime() * 1000
      );
    });
}

/** Whether an alarm of a component goes off in a range. */
export function alarmInRange(alarm: ICAL.Component, subject: RangeSubject, range: Range): boolean {
  const property = alarm.getFirstProperty('trigger');
  const trigger: unknown = property?.getFirstValue();
  const within = (at: number): boolean =>
    repeats(alarm).some((delay) => range.fromMs <= at + delay && range.toMs > at + delay);
  if (trigger instanceof ICAL.Time) return within(trigger.toUnixTime() * 1000);
  if (!(trigger instanceof ICAL.Duration)) return false;
  const offset = trigger.toSeconds() * 1000;
  const related = (property?.getFirstParameter('related') ?? 'START').toUpperCase();
  const reach = Math.abs(offset) + (repeats(alarm).at(-1) ?? 0);
  const wide = { fromMs: range.fromMs - reach, toMs: range.toMs + reach };
  const fromDue = related === 'END' && !subject.component.hasProperty('dtstart');
  if (fromDue) {
    const due = propertyMoment(subject.component, 'due', subject.calendar, subject.floating)?.utcMs;
    return due !== undefined && within(due + offset);
  }
  return ownInstances(subject, wide).some(({ startMs, endMs }) =>
    within((related === 'END' ? endMs : startMs) + offset),
  );
}

/** Delays after the trigger at which the alarm sounds, ms, ascending. */
function repeats(alarm: ICAL.Component): number[] {
  const count = Math.min(100, Math.max(0, Number(alarm.getFirstPropertyValue('repeat') ?? 0) || 0));
  const every: unknown = alarm.getFirstPropertyValue('duration');
  const step = every instanceof ICAL.Duration ? every.toSeconds() * 1000 : 0;
  return Array.from({ length: step > 0 ? count + 1 : 1 }, (_, index) => index * step);
}
