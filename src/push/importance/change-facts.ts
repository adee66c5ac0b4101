import ICAL from 'ical.js';
import type { ChangeFacts } from './rules.ts';

export interface Write {
  /** The iCalendar or vCard object before and after; undefined when it did not exist or does not any more. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Epoch ms. */
  readonly now: number;
  readonly slowCollection?: boolean;
}

// Recurring events are searched so far for their next occurrence: expansion is the slow part of ical.js.
const maxOccurrences = 400;
/** Properties that scheduling changes along with the status of an attendee (RFC 5546 section 3.2.3). */
const incidental = new Set(['dtstamp', 'last-modified', 'sequence', 'request-status', 'created']);

function parse(text: string | undefined): ICAL.Component | undefined {
  if (text === undefined || !/^BEGIN:VCALENDAR/im.test(text)) return undefined;
  try {
    return new ICAL.Component(ICAL.parse(text));
  } catch {
    // An object that cannot be read has no time to care about.
    return undefined;
  }
}

/** Start of the first occurrence that is not over, epoch ms. */
function nextStart(component: ICAL.Component, now: number): number | undefined {
  const event = new ICAL.Event(component);
  if (event.startDate === null || event.startDate === undefined) return undefined;
  const startOf = (time: ICAL.Time): number => time.toJSDate().getTime();
  if (!event.isRecurring()) return startOf(event.startDate) >= now ? startOf(event.startDate) : undefined;
  const occurrences = event.iterator();
  for (let count = 0; count < maxOccurrences; count += 1) {
    const next: ICAL.Time | null = occurrences.next();
    if (next === null) return undefined;
    if (startOf(next) >= now) return startOf(next);
  }
  return undefined;
}

function nextAlarm(component: ICAL.Component, start: number, now: number): number | undefined {
  const times = component.getAllSubcomponents('valarm').flatMap((alarm) => {
    const trigger: unknown = alarm.getFirstPropertyValue('trigger');
    if (trigger instanceof ICAL.Duration) return [start + trigger.toSeconds() * 1000];
    return trigger instanceof ICAL.Time ? [trigger.toJSDate().getTime()] : [];
  });
  const coming = times.filter((time) => time >= now);
  return coming.length === 0 ? undefined : Math.min(...coming);
}

interface Times {
  readonly starts: readonly number[];
  readonly alarms: readonly number[];
}

function timesOf(calendar: ICAL.Component | undefined, now: number): Times {
  const starts: number[] = [];
  const alarms: number[] = [];
  for (const event of calendar?.getAllSubcomponents('vevent') ?? []) {
    const start = nextStart(event, now);
    if (start === undefined) continue;
    starts.push(start);
    const alarm = nextAlarm(event, start, now);
    if (alarm !== undefined) alarms.push(alarm);
  }
  return { starts, alarms };
}

/** The object without participation status and what changes along with it, in a comparable form. */
function withoutStatus(calendar: ICAL.Component): string {
  const clean = (component: ICAL.Component): unknown => [
    component.name,
    component
      .getAllProperties()
      .filter((property) => !incidental.has(property.name))
      .map((property) => {
        const copy = ICAL.Property.fromString(property.toICALString());
        if (copy.name === 'attendee') copy.removeParameter('partstat');
        return copy.toICALString();
      })
      .toSorted(),
    component.getAllSubcomponents().map(clean),
  ];
  return JSON.stringify(clean(calendar));
}

const nearest = (times: readonly number[], now: number): number | undefined =>
  times.length === 0 ? undefined : Math.min(...times) - now;

/** Looks at a written object, before and after, for what decides its importance. */
export function changeFacts({ before, after, now, slowCollection = false }: Write): ChangeFacts {
  const [old, fresh] = [parse(before), parse(after)];
  const [oldTimes, freshTimes] = [timesOf(old, now), timesOf(fresh, now)];
  return {
    startsInMs: nearest([...oldTimes.starts, ...freshTimes.starts], now),
    alarmInMs: nearest([...oldTimes.alarms, ...freshTimes.alarms], now),
    attendeeStatusOnly:
      old !== undefined && fresh !== undefined && withoutStatus(old) === withoutStatus(fresh),
    slowCollection,
  };
}
