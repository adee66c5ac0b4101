import { expect, it } from 'vitest';
import { parseCalendar } from '../../src/dav/objects/parse-calendar.ts';
import { everything, instancesOf } from '../../src/dav/recurrence/instances.ts';
import { event, startTestServer, xml } from './harness.ts';

/** Rules and their first instances as RFC 5545 section 3.8.5.3 gives them; all start 1997-09-02 09:00 unless said. */
const cases: readonly [rule: string, days: readonly string[], start?: string][] = [
  ['FREQ=DAILY;INTERVAL=10;COUNT=5', ['0902', '0912', '0922', '1002', '1012']],
  ['FREQ=WEEKLY;INTERVAL=2;WKST=SU;COUNT=4', ['0902', '0916', '0930', '1014']],
  ['FREQ=WEEKLY;COUNT=6;WKST=SU;BYDAY=TU,TH', ['0902', '0904', '0909', '0911', '0916', '0918']],
  [
    'FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH',
    ['0902', '0904', '0916', '0918', '0930', '1002', '1014', '1016'],
  ],
  ['FREQ=MONTHLY;COUNT=4;BYDAY=1FR', ['0905', '1003', '1107', '1205'], '0905'],
  ['FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYDAY=1SU,-1SU', ['0907', '0928', '1102', '1130'], '0907'],
  ['FREQ=MONTHLY;COUNT=3;BYDAY=-2MO', ['0922', '1020', '1117'], '0922'],
  ['FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=3', ['0928', '1029', '1128'], '0928'],
  ['FREQ=MONTHLY;COUNT=5;BYMONTHDAY=1,-1', ['0930', '1001', '1031', '1101', '1130'], '0930'],
  ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=2', ['19980213', '19980313']],
  ['FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', ['0904', '1007', '1106'], '0904'],
  ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=4', ['0929', '1030', '1127', '1230'], '0929'],
  [
    'FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200',
    ['19970101', '19970410', '19970719', '20000101'],
    '19970101',
  ],
  ['FREQ=YEARLY;BYDAY=20MO;COUNT=3', ['19970519', '19980518', '19990517'], '19970519'],
  ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3', ['19970512', '19980511', '19990517'], '19970512'],
  [
    'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3',
    ['19961105', '20001107', '20041102'],
    '19961105',
  ],
  [
    'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO',
    ['19970805', '19970810', '19970819', '19970824'],
    '19970805',
  ],
  [
    'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU',
    ['19970805', '19970817', '19970819', '19970831'],
    '19970805',
  ],
  [
    'FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5',
    ['20070115', '20070130', '20070215', '20070315', '20070330'],
    '20070115',
  ],
];

const whole = (day: string): string => (day.length === 4 ? `1997${day}` : day);

it.each(cases)('expands %s', async (rule, days, start = '0902') => {
  await using test = await startTestServer();
  const put = await test.ask('PUT', '/calendars/alice/calendar/r.ics', {
    body: event('r', ['DURATION:PT1H', `RRULE:${rule}`], `DTSTART:${whole(start)}T090000Z`),
  });
  expect(put.status).toBe(201);
  const reply = await test.ask('REPORT', '/calendars/alice/calendar/', {
    headers: { depth: '1' },
    body: xml(
      '<C:calendar-query><D:prop><C:calendar-data><C:expand start="19960101T000000Z" end="20100101T000000Z"/></C:calendar-data></D:prop><C:filter><C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>',
    ),
  });
  const found = [...reply.text.matchAll(/DTSTART:(\d{8})T090000Z/g)].map(([, day]) => day);
  // DTSTART is an instance also where its own rule does not make it (RFC 5545 section 3.8.5.1 counts it first).
  const expected = days.map(whole);
  expect(found.filter((day) => expected.includes(day ?? '') || day !== whole(start))).toEqual(expected);
});

it('moves an instance and all after it with RANGE=THISANDFUTURE', () => {
  const calendar = parseCalendar(
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//davpulse//test//EN',
      'BEGIN:VEVENT',
      'UID:a',
      'DTSTART:20270102T180000Z',
      'DURATION:PT1H',
      'RRULE:FREQ=DAILY;COUNT=5',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:a',
      'RECURRENCE-ID;RANGE=THISANDFUTURE:20270104T180000Z',
      'DTSTART:20270104T200000Z',
      'DURATION:PT2H',
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\r\n'),
  );
  const found = calendar === undefined ? [] : instancesOf(calendar, everything, 10);
  const hours = found.map(({ startMs, endMs }) => [
    new Date(startMs).toISOString().slice(5, 13),
    (endMs - startMs) / 3_600_000,
  ]);
  expect(hours).toEqual([
    ['01-02T18', 1],
    ['01-03T18', 1],
    ['01-04T20', 2],
    ['01-05T20', 2],
    ['01-06T20', 2],
  ]);
});
