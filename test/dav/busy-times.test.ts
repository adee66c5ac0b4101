import { expect, it } from 'vitest';
import { event, parts, propfindBody, startTestServer, xml, type TestServer } from './harness.ts';
import { address } from './meetings.ts';

const home = '/calendars/alice/';

const patch = (test: TestServer, path: string, property: string) =>
  test.ask('PROPPATCH', path, {
    body: xml(`<D:propertyupdate><D:set><D:prop>${property}</D:prop></D:set></D:propertyupdate>`),
  });

/** FREEBUSY lines that bob gets of alice for 4 to 6 January 2027. */
async function busy(test: TestServer): Promise<string[]> {
  const request = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:x',
    'METHOD:REQUEST',
    'BEGIN:VFREEBUSY',
    'UID:q',
    'DTSTAMP:20260101T000000Z',
    'DTSTART:20270104T000000Z',
    'DTEND:20270106T000000Z',
    `ORGANIZER:${address('bob')}`,
    `ATTENDEE:${address('alice')}`,
    'END:VFREEBUSY',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
  const reply = await test.ask('POST', '/calendars/bob/outbox/', {
    user: 'bob',
    headers: { 'content-type': 'text/calendar' },
    body: request,
  });
  expect(reply.status).toBe(200);
  return linesOf(reply.text);
}

const linesOf = (text: string): string[] =>
  text
    .replaceAll(/(?:&#13;|\r)?\n /g, '')
    .split(/(?:&#13;|\r)?\n/)
    .filter((line) => line.startsWith('FREEBUSY'));

const availability = (lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...lines, 'END:VCALENDAR', ''].join('\r\n');

const vavailability = (uid: string, more: readonly string[], available: readonly string[]): string[] => [
  'BEGIN:VAVAILABILITY',
  `UID:${uid}`,
  'DTSTAMP:20260101T000000Z',
  ...more,
  ...(available.length === 0
    ? []
    : ['BEGIN:AVAILABLE', `UID:${uid}-1`, 'DTSTAMP:20260101T000000Z', ...available, 'END:AVAILABLE']),
  'END:VAVAILABILITY',
];

const workDays = vavailability(
  'work',
  [],
  [
    'DTSTART;TZID=America/New_York:20260105T090000',
    'DTEND;TZID=America/New_York:20260105T170000',
    'RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  ],
);

it('tells when somebody is not to be had (RFC 7953)', async () => {
  await using test = await startTestServer();
  const inbox = `${home}inbox/`;
  const set = async (name: string, text: string) =>
    parts(await patch(test, inbox, `<${name}>${text}</${name}>`))[0]?.missing;
  expect(await set('C:calendar-availability', event('a'))).toEqual(['calendar-availability']);
  expect(await set('C:calendar-availability', 'none')).toEqual(['calendar-availability']);
  expect(await set('CS:calendar-availability', availability(workDays))).toEqual([]);
  const body = event('m', ['DURATION:PT1H'], 'DTSTART:20270104T160000Z');
  await test.ask('PUT', `${home}calendar/m.ics`, { body });
  const outside =
    'FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20270104T000000Z/PT14H,20270104T220000Z/PT16H,20270105T220000Z/PT2H';
  expect(await busy(test)).toEqual(['FREEBUSY;FBTYPE=BUSY:20270104T160000Z/PT1H', outside]);
  // One that goes before is put over the others: on the fifth there is a fair, and an hour for others at noon.
  const fair = vavailability(
    'fair',
    ['PRIORITY:1', 'BUSYTYPE:BUSY-TENTATIVE', 'DTSTART:20270105T000000Z', 'DURATION:P1D'],
    ['DTSTART:20270105T120000Z', 'DURATION:PT1H'],
  );
  expect(await set('C:calendar-availability', availability([...fair, ...workDays]))).toEqual([]);
  expect(await busy(test)).toEqual([
    'FREEBUSY;FBTYPE=BUSY:20270104T160000Z/PT1H',
    'FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270105T000000Z/PT12H,20270105T130000Z/PT11H',
    'FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20270104T000000Z/PT14H,20270104T220000Z/PT2H',
  ]);
  expect((await test.ask('OPTIONS', inbox)).headers['dav']).toContain('calendar-availability');
});

it('counts VAVAILABILITY in a calendar for its busy times', async () => {
  await using test = await startTestServer();
  const path = `${home}when/`;
  await test.ask('MKCALENDAR', path, {
    body: xml(
      '<C:mkcalendar><D:set><D:prop><C:supported-calendar-component-set><C:comp name="VAVAILABILITY"/></C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>',
    ),
  });
  const put = await test.ask('PUT', `${path}a.ics`, { body: availability(workDays) });
  expect(put.status).toBe(201);
  const range = '<C:time-range start="20270104T000000Z" end="20270105T000000Z"/>';
  const reply = await test.ask('REPORT', path, {
    headers: { depth: '1' },
    body: xml(`<C:free-busy-query>${range}</C:free-busy-query>`),
  });
  expect(linesOf(reply.text)).toEqual([
    'FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20270104T000000Z/PT14H,20270104T220000Z/PT2H',
  ]);
});

it('reads days of a calendar in its own time zone', async () => {
  await using test = await startTestServer();
  await patch(test, `${home}calendar/`, '<C:calendar-timezone-id>America/New_York</C:calendar-timezone-id>');
  const body = event('d', [], 'DTSTART;VALUE=DATE:20270104');
  await test.ask('PUT', `${home}calendar/d.ics`, { body });
  expect(await busy(test)).toEqual(['FREEBUSY;FBTYPE=BUSY:20270104T050000Z/P1D']);
});

it('tells the calendars that make busy as older clients ask for them, and takes them', async () => {
  await using test = await startTestServer();
  const other = `${home}other/`;
  await test.ask('MKCALENDAR', other);
  const told = async (path: string, name: string) =>
    parts(
      await test.ask('PROPFIND', path, { headers: { depth: '0' }, body: propfindBody(`C:${name}`) }),
    )[0]?.found.get(name);
  const set = async () =>
    (await told(`${home}inbox/`, 'calendar-free-busy-set'))?.children.map(({ text }) => text).sort();
  expect(await set()).toEqual(['calendar/', 'other/'].map((name) => home + name));
  await patch(test, other, '<C:schedule-calendar-transp><C:transparent/></C:schedule-calendar-transp>');
  expect(await set()).toEqual([`${home}calendar/`]);
  const free = (hrefs: readonly string[]) =>
    patch(
      test,
      `${home}inbox/`,
      `<C:calendar-free-busy-set>${hrefs.map((href) => `<D:href>${href}</D:href>`).join('')}</C:calendar-free-busy-set>`,
    );
  for (const wrong of ['/calendars/bob/calendar/', `${home}nothing/`, '%'])
    expect(parts(await free([other, wrong]))[0]?.missing).toEqual(['calendar-free-busy-set']);
  await test.ask('PUT', `${home}calendar/m.ics`, {
    body: event('m', ['DURATION:PT1H'], 'DTSTART:20270104T160000Z'),
  });
  expect(await busy(test)).toHaveLength(1);
  expect(parts(await free([other]))[0]?.missing).toEqual([]);
  expect(await set()).toEqual([other]);
  const transparency = await told(`${home}calendar/`, 'schedule-calendar-transp');
  expect(transparency?.children.map(({ name }) => name)).toEqual(['transparent']);
  expect(await busy(test)).toEqual([]);
});
