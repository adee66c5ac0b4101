import type ICAL from 'ical.js';
import { happenings } from '../recurrence/instances.ts';
import { recurrenceKey } from './participants.ts';

/** What clients write anew each time they store an event, and what servers note about deliveries. */
const volatile = new Set(['dtstamp', 'last-modified', 'created', 'sequence']);
const ownToServer = new Set(['partstat', 'schedule-status', 'schedule-force-send']);

function lines(component: ICAL.Component): string[] {
  return component
    .getAllProperties()
    .filter(({ name }) => !volatile.has(name))
    .flatMap((property) => {
      const parameters: Record<string, unknown> = property.toJSON()[1];
      const sorted = Object.entries(parameters)
        .filter(([parameter]) => !ownToServer.has(parameter))
        .sort(([a], [b]) => (a < b ? -1 : 1));
      return property
        .getValues()
        .map((value: unknown) => JSON.stringify([property.name, sorted, String(value)]));
    })
    .sort();
}

/** Everything in an event that its attendees would want to know, in one order. */
const meaning = (calendar: ICAL.Component): string =>
  JSON.stringify(
    happenings(calendar)
      .map((component) => [recurrenceKey(component), lines(component)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Whether two versions of an event tell an attendee the same. */
export const tellsTheSame = (before: ICAL.Component, after: ICAL.Component): boolean =>
  meaning(before) === meaning(after);
