import ICAL from 'ical.js';
import { importanceOf } from '../../push/index.ts';
import type { Importance } from '../../../sim/index.ts';
import type { Node } from '../store/node.ts';
import type { Store } from '../store/store.ts';
import { dayMs } from '../recurrence/civil.ts';
import { instancesOf } from '../recurrence/instances.ts';

/** How far ahead importance looks, ms. */
const horizonMs = 2 * dayMs;
const enough = 16;

interface Times {
  readonly startsInMs: number | undefined;
  readonly alarmInMs: number | undefined;
}

function timesOf(calendar: ICAL.Component | undefined, now: number): Times {
  if (calendar === undefined) return { startsInMs: undefined, alarmInMs: undefined };
  const coming = instancesOf(calendar, { fromMs: now, toMs: now + horizonMs }, enough).filter(
    ({ start, startMs }) => start !== undefined && startMs >= now,
  );
  const alarms = coming.flatMap(({ component, startMs, endMs }) =>
    component.getAllSubcomponents('valarm').flatMap((alarm) => {
      const trigger: unknown = alarm.getFirstPropertyValue('trigger');
      if (trigger instanceof ICAL.Time) return [trigger.toUnixTime() * 1000];
      if (!(trigger instanceof ICAL.Duration)) return [];
      const end = alarm.getFirstProperty('trigger')?.getFirstParameter('related')?.toUpperCase() === 'END';
      return [(end ? endMs : startMs) + trigger.toSeconds() * 1000];
    }),
  );
  const nearest = (instants: readonly number[]): number | undefined => {
    const ahead = instants.filter((at) => at >= now).map((at) => at - now);
    return ahead.length === 0 ? undefined : Math.min(...ahead);
  };
  return { startsInMs: nearest(coming.map(({ startMs }) => startMs)), alarmInMs: nearest(alarms) };
}

const sooner = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

const volatile = /^(?:DTSTAMP|LAST-MODIFIED|SEQUENCE)[:;]|PARTSTAT=|SCHEDULE-STATUS=/i;

/** Text of an object without what an attendee's answer changes. */
const settled = (calendar: ICAL.Component): string =>
  calendar
    .toString()
    .replaceAll(/\r\n[ \t]/g, '')
    .split('\r\n')
    .map((line) =>
      /^ATTENDEE/i.test(line) ? line.replaceAll(/;(?:PARTSTAT|SCHEDULE-STATUS|RSVP)=[^;:]*/gi, '') : line,
    )
    .filter((line) => !volatile.test(line))
    .join('\n');

export interface ObjectChange {
  readonly before: ICAL.Component | undefined;
  readonly after: ICAL.Component | undefined;
  /** Epoch ms. */
  readonly now: number;
  /** Whether the collection is one where nobody waits for changes. */
  readonly slow: boolean;
}

/** How soon people care about a change of a calendar object, by the rules of push. */
export function changeImportance({ before, after, now, slow }: ObjectChange): Importance {
  const [old, fresh] = [timesOf(before, now), timesOf(after, now)];
  return importanceOf({
    startsInMs: sooner(old.startsInMs, fresh.startsInMs),
    alarmInMs: sooner(old.alarmInMs, fresh.alarmInMs),
    attendeeStatusOnly: before !== undefined && after !== undefined && settled(before) === settled(after),
    slowCollection: slow,
  });
}

/** Whether a collection is marked as one where nobody waits for changes: by the property `slow` of push. */
export const isSlow = ({ properties }: Store, collection: Node): boolean =>
  collection.properties === 1 &&
  properties.all(collection.id).some(({ ns, name }) => ns === 'urn:davpulse:push' && name === 'slow');
