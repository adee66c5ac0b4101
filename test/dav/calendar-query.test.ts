import { describe, expect, it } from 'vitest';
import { condition, event, parts, startTestServer, xml, type TestServer } from './harness.ts';

const calendar = '/calendars/alice/calendar/';

const query = (filter: string, data = '<D:getetag/>', more = ''): string =>
  xml(
    `<C:calendar-query><D:prop>${data}</D:prop><C:filter><C:comp-filter name="VCALENDAR">${filter}</C:comp-filter></C:filter>${more}</C:calendar-query>`,
  );
const range = (start: string, end: string): string => `<C:time-range start="${start}" end="${end}"/>`;
const events = (inner: string): string => `<C:comp-filter name="VEVENT">${inner}</C:comp-filter>`;

const names = async (test: TestServer, body: string): Promise<string[]> => {
  const reply = await test.ask('REPORT', calendar, { headers: { depth: '1' }, body });
  expect([reply.status, reply.text.slice(0, 60)]).toEqual([207, expect.anything()]);
  return parts(reply).map(({ href }) => href.slice(calendar.length, -4));
};

const zone = [
  'BEGIN:VTIMEZONE',
  'TZID:Test/Zone',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0500',
  'TZOFFSETTO:+0500',
  'END:STANDARD',
  'END:VTIMEZONE',
].join('\r\n');
const inZone = (uid: string, lines: string[], start: string): string =>
  event(uid, lines, start).replace('BEGIN:VEVENT', `${zone}\r\nBEGIN:VEVENT`);
const todo = (uid: string, lines: string[]): string =>
  event(uid, lines, 'X-A:1').replaceAll('VEVENT', 'VTODO');

async function filled(): Promise<TestServer> {
  const test = await startTestServer();
  const put = async (name: string, body: string): Promise<void> => {
    const { status, text } = await test.ask('PUT', `${calendar}${name}.ics`, { body });
    expect([name, status, text]).toEqual([name, 201, '']);
  };
  await put(
    'single',
    event('single', [
      'DTEND:20261201T100000Z',
      'CATEGORIES:Work,Travel',
      'ATTENDEE;PARTSTAT=ACCEPTED;CN=Zoë:mailto:zoe@x.y',
    ]),
  );
  await put(
    'daily',
    event(
      'daily',
      ['DURATION:PT1H', 'RRULE:FREQ=DAILY;UNTIL=20261220T080000Z', 'EXDATE:20261205T080000Z'],
      'DTSTART:20261202T080000Z',
    ),
  );
  await put('zoned', inZone('zoned', ['DURATION:PT1H'], 'DTSTART;TZID=Test/Zone:20261203T020000'));
  await put('iana', event('iana', ['DURATION:PT1H'], 'DTSTART;TZID=America/New_York:20261203T200000'));
  await put('day', event('day', [], 'DTSTART;VALUE=DATE:20261210'));
  await put(
    'alarm',
    event(
      'alarm',
      ['DURATION:PT1H', 'BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:x', 'TRIGGER:-P1D', 'END:VALARM'],
      'DTSTART:20270110T120000Z',
    ),
  );
  await put('due', todo('due', ['DUE:20261215T120000Z']));
  await put('open', todo('open', []));
  const override = event(
    'moved',
    ['DURATION:PT1H', 'RRULE:FREQ=WEEKLY;COUNT=3'],
    'DTSTART:20270201T100000Z',
  ).replace(
    'END:VCALENDAR',
    [
      'BEGIN:VEVENT',
      'UID:moved',
      'DTSTAMP:20261101T000000Z',
      'RECURRENCE-ID:20270208T100000Z',
      'DTSTART:20270301T100000Z',
      'DURATION:PT1H',
      'SUMMARY:Later',
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\r\n'),
  );
  await put('moved', override);
  return test;
}

describe('calendar-query', () => {
  it('finds by time, over recurrences, time zones, days and overrides', async () => {
    await using test = await filled();
    const at = (start: string, end: string) => names(test, query(events(range(start, end))));
    expect(await at('20261201T093000Z', '20261201T094500Z')).toEqual(['single']);
    expect(await at('20261201T100000Z', '20261201T110000Z')).toEqual([]);
    expect(await at('20261204T080000Z', '20261204T081000Z')).toEqual(['daily']);
    expect(await at('20261205T080000Z', '20261205T081000Z')).toEqual([]);
    expect(await at('20261220T080000Z', '20261220T081000Z')).toEqual(['daily']);
    expect(await at('20261221T080000Z', '20261221T081000Z')).toEqual([]);
    expect(await at('20261202T211000Z', '20261202T212000Z')).toEqual(['zoned']);
    expect(await at('20261204T011000Z', '20261204T012000Z')).toEqual(['iana']);
    expect(await at('20261210T230000Z', '20261210T233000Z')).toEqual(['day']);
    expect(await at('20270208T100000Z', '20270208T110000Z')).toEqual([]);
    expect(await at('20270301T100000Z', '20270301T110000Z')).toEqual(['moved']);
  });

  it('reads days in the zone that the request or the calendar names', async () => {
    await using test = await filled();
    const tz = `<C:timezone>BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n${zone}\nEND:VCALENDAR</C:timezone>`;
    const late = events(range('20261210T200000Z', '20261210T210000Z'));
    expect(await names(test, query(late))).toEqual(['day']);
    expect(await names(test, query(late, '<D:getetag/>', tz))).toEqual([]);
    await test.ask('PROPPATCH', calendar, {
      body: xml(
        `<D:propertyupdate><D:set><D:prop><C:calendar-timezone>BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n${zone}\r\nEND:VCALENDAR</C:calendar-timezone></D:prop></D:set></D:propertyupdate>`,
      ),
    });
    expect(await names(test, query(late))).toEqual([]);
  });

  it('finds tasks by the rules for them, and alarms by when they sound', async () => {
    await using test = await filled();
    const tasks = (start: string, end: string) =>
      names(test, query(`<C:comp-filter name="VTODO">${range(start, end)}</C:comp-filter>`));
    expect(await tasks('20261215T110000Z', '20261215T130000Z')).toEqual(['due', 'open']);
    expect(await tasks('20261216T110000Z', '20261216T130000Z')).toEqual(['open']);
    const alarms = `<C:comp-filter name="VALARM">${range('20270109T110000Z', '20270109T130000Z')}</C:comp-filter>`;
    expect(await names(test, query(events(alarms)))).toEqual(['alarm']);
  });

  it('finds by properties and parameters', async () => {
    await using test = await filled();
    const prop = (name: string, inner: string) =>
      names(test, query(events(`<C:prop-filter name="${name}">${inner}</C:prop-filter>`)));
    const text = (value: string, more = ''): string => `<C:text-match ${more}>${value}</C:text-match>`;
    expect(await prop('UID', text('SINGLE'))).toEqual(['single']);
    expect(await prop('UID', text('SINGLE', 'collation="i;octet"'))).toEqual([]);
    expect(await prop('CATEGORIES', text('Travel'))).toEqual(['single']);
    expect(await prop('CATEGORIES', '<C:is-not-defined/>')).not.toContain('single');
    expect(
      await prop('ATTENDEE', `<C:param-filter name="PARTSTAT">${text('ACCEPTED')}</C:param-filter>`),
    ).toEqual(['single']);
    expect(
      await prop(
        'ATTENDEE',
        `<C:param-filter name="CN">${text('ZOË', 'collation="i;unicode-casemap"')}</C:param-filter>`,
      ),
    ).toEqual(['single']);
    expect(
      await prop('ATTENDEE', '<C:param-filter name="ROLE"><C:is-not-defined/></C:param-filter>'),
    ).toEqual(['single']);
    expect(await prop('SUMMARY', text('Meeting', 'negate-condition="yes"'))).toEqual(['moved']);
    expect(
      await names(test, query('<C:comp-filter name="VTODO"><C:is-not-defined/></C:comp-filter>')),
    ).toHaveLength(7);
    const refused = await test.ask('REPORT', calendar, {
      headers: { depth: '1' },
      body: query(events(`<C:prop-filter name="UID">${text('x', 'collation="i;nonsense"')}</C:prop-filter>`)),
    });
    expect([refused.status, condition(refused)]).toEqual([403, 'supported-collation']);
    for (const bad of [
      '<C:time-range/>',
      '<C:time-range start="20261201"/>',
      range('20261202T000000Z', '20261201T000000Z'),
    ]) {
      const reply = await test.ask('REPORT', calendar, { headers: { depth: '1' }, body: query(events(bad)) });
      expect([reply.status, condition(reply)]).toEqual([403, 'valid-filter']);
    }
  });

  it('gives parts of objects, and instances instead of rules', async () => {
    await using test = await filled();
    const ask = async (filter: string, data: string): Promise<string> =>
      (await test.ask('REPORT', calendar, { headers: { depth: '1' }, body: query(events(filter), data) }))
        .text;
    const uid = (value: string): string =>
      `<C:prop-filter name="UID"><C:text-match>${value}</C:text-match></C:prop-filter>`;
    const partial = await ask(
      uid('single'),
      '<C:calendar-data><C:comp name="VCALENDAR"><C:prop name="VERSION"/><C:comp name="VEVENT"><C:prop name="UID"/><C:prop name="SUMMARY" novalue="yes"/></C:comp></C:comp></C:calendar-data>',
    );
    expect(partial).toContain('UID:single');
    expect(partial).toMatch(/SUMMARY:&#13;/);
    expect(partial).not.toMatch(/PRODID|DTSTART|CATEGORIES/);
    const expand = (start: string, end: string): string =>
      `<C:calendar-data><C:expand start="${start}" end="${end}"/></C:calendar-data>`;
    const days = await ask(uid('daily'), expand('20261204T000000Z', '20261207T000000Z'));
    expect(days.match(/RECURRENCE-ID:\w+/g)).toEqual([
      'RECURRENCE-ID:20261204T080000Z',
      'RECURRENCE-ID:20261206T080000Z',
    ]);
    expect(days).not.toMatch(/RRULE|EXDATE/);
    const zoned = await ask(uid('zoned'), expand('20261201T000000Z', '20261207T000000Z'));
    expect(zoned).toContain('DTSTART:20261202T210000Z');
    expect(zoned).not.toContain('VTIMEZONE');
    const moved = await ask(uid('moved'), expand('20270201T000000Z', '20270401T000000Z'));
    expect(moved.match(/DTSTART:\w+/g)?.sort()).toEqual([
      'DTSTART:20270201T100000Z',
      'DTSTART:20270215T100000Z',
      'DTSTART:20270301T100000Z',
    ]);
    const limited = await ask(
      uid('moved'),
      '<C:calendar-data><C:limit-recurrence-set start="20270401T000000Z" end="20270501T000000Z"/></C:calendar-data>',
    );
    expect(limited).toContain('RRULE');
    expect(limited).not.toContain('SUMMARY:Later');
  });

  it('leaves out time zones that the client knows by name', async () => {
    await using test = await filled();
    const known = inZone('known', ['DURATION:PT1H'], 'DTSTART;TZID=Europe/Vienna:20261203T020000').replace(
      'TZID:Test/Zone',
      'TZID:Europe/Vienna',
    );
    await test.ask('PUT', `${calendar}known.ics`, { body: known });
    const headers = { 'caldav-timezones': 'F' };
    const get = async (name: string): Promise<string> =>
      (await test.ask('GET', `${calendar}${name}.ics`, { headers })).text;
    expect(await get('known')).toBe(
      event('known', ['DURATION:PT1H'], 'DTSTART;TZID=Europe/Vienna:20261203T020000'),
    );
    expect(await get('zoned')).toContain('BEGIN:VTIMEZONE');
    expect((await test.ask('GET', `${calendar}known.ics`)).text).toBe(known);
  });

  it('tells busy times', async () => {
    await using test = await filled();
    const body = xml(
      `<C:free-busy-query>${range('20261201T000000Z', '20261203T000000Z')}</C:free-busy-query>`,
    );
    const reply = await test.ask('REPORT', calendar, { headers: { depth: '1' }, body });
    expect(reply.headers['content-type']).toMatch('text/calendar');
    expect(reply.text.replaceAll('\r\n ', '').match(/FREEBUSY[;:].*\d[^\r]*/g)).toEqual([
      'FREEBUSY;FBTYPE=BUSY:20261201T090000Z/PT1H,20261202T080000Z/PT1H,20261202T210000Z/PT1H',
    ]);
  });
});
