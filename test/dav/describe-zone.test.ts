import ICAL from 'ical.js';
import { expect, it } from 'vitest';
import { parseCalendar } from '../../src/dav/objects/parse-calendar.ts';
import { describeZone } from '../../src/dav/recurrence/describe-zone.ts';
import { componentZone, namedZone } from '../../src/dav/recurrence/zone.ts';

const dayMs = 86_400_000;

it.each([
  'Europe/Vienna',
  'America/New_York',
  'Australia/Sydney',
  'Africa/Casablanca',
  'Etc/GMT+2',
  'Asia/Kolkata',
])('describes %s as it is in every week of 1972 to 2037', (name) => {
  const component = parseCalendar(describeZone(name) ?? '')?.getFirstSubcomponent('vtimezone');
  const described = component && componentZone(new ICAL.Timezone({ component, tzid: name }));
  const zone = namedZone(name);
  const different: string[] = [];
  for (let at = Date.UTC(1972, 0, 1, 12); at < Date.UTC(2037, 11, 31); at += 7 * dayMs)
    if (described?.toUtc(at) !== zone?.toUtc(at)) different.push(new Date(at).toISOString());
  expect(different).toEqual([]);
});

it('describes no zone that there is not', () => {
  expect(describeZone('Nowhere/Known')).toBeUndefined();
});
