import ICAL from 'ical.js';
import { happenings, lengthOf } from '../recurrence/instances.ts';
import { momentOf, propertyMoment } from '../recurrence/moment.ts';
import { utcZone } from '../recurrence/zone.ts';
import { componentsByPlace, placeOf } from './occurrence.ts';
import { attendeesOf, keyOf } from './participants.ts';

/** What only the organiser changes; the rest is an attendee's own or does no harm (RFC 6638 section 3.2.2.1). */
const organizers = ['dtstart', 'dtend', 'duration', 'due', 'rrule', 'rdate', 'summary', 'location'];

/** When a component happens, in whatever way it is written. */
function timesOf(component: ICAL.Component, calendar: ICAL.Component): string {
  const due = propertyMoment(component, 'due', calendar, utcZone);
  const start = propertyMoment(component, 'dtstart', calendar, utcZone);
  if (start === undefined) return String(due?.utcMs);
  return [start.utcMs, start.isDate, lengthOf(component, calendar, utcZone, start)].join(' ');
}

const ruleOf = (component: ICAL.Component): string =>
  component
    .getAllProperties('rrule')
    .map((property) => String(property.getFirstValue()).split(';').sort().join(';'))
    .sort()
    .join('\n');

const datesOf = (component: ICAL.Component, calendar: ICAL.Component): string =>
  component
    .getAllProperties('rdate')
    .flatMap((property) =>
      property
        .getValues()
        .map((value: unknown) =>
          String(value instanceof ICAL.Time ? momentOf(value, property, calendar, utcZone).utcMs : value),
        ),
    )
    .sort()
    .join();

const textOf = (component: ICAL.Component, name: string): string =>
  String(component.getFirstPropertyValue(name) ?? '').trim();

/** Who takes part, however often. */
const invited = (component: ICAL.Component): string => {
  const organizer = keyOf(component.getFirstProperty('organizer'));
  return [organizer, ...[...new Set(attendeesOf(component).map(keyOf))].sort()].join('\n');
};

/** Whether an attendee changed only what attendees may change. */
export function isAttendeesChange(before: ICAL.Component, after: ICAL.Component): boolean {
  const old = componentsByPlace(before);
  return happenings(after).every((component) => {
    const was = old.get(placeOf(component, after));
    if (was === undefined) return old.has(undefined);
    return (
      invited(was) === invited(component) &&
      timesOf(was, before) === timesOf(component, after) &&
      ruleOf(was) === ruleOf(component) &&
      datesOf(was, before) === datesOf(component, after) &&
      textOf(was, 'summary') === textOf(component, 'summary') &&
      textOf(was, 'location') === textOf(component, 'location')
    );
  });
}

/** Keeps what is the organiser's as the organiser wrote it: clients write the same in other ways. */
export function keepOrganizers(was: ICAL.Component, component: ICAL.Component): void {
  for (const name of organizers) {
    const [kept, sent] = [was, component].map((of) =>
      of.getAllProperties(name).map((property) => property.toICALString()),
    );
    if (String(kept) === String(sent)) continue;
    component.removeAllProperties(name);
    for (const property of was.getAllProperties(name))
      component.addProperty(new ICAL.Property(structuredClone(property.toJSON())));
  }
}
