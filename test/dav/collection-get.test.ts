import { expect, it } from 'vitest';
import { card, event, parts, propfindBody, startTestServer, xml } from './harness.ts';

const calendar = '/calendars/alice/calendar/';

it('gives a calendar as one iCalendar object with each time zone once, and an address book as its cards', async () => {
  await using test = await startTestServer();
  const zone =
    'BEGIN:VTIMEZONE\r\nTZID:Here\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n';
  for (const uid of ['a', 'b']) {
    const body = event(uid, ['DESCRIPTION:x\r\n END:VEVENT'], 'DTSTART;TZID=Here:20261201T090000');
    await test.ask('PUT', `${calendar}${uid}.ics`, {
      body: body.replace('BEGIN:VEVENT', `${zone}BEGIN:VEVENT`),
    });
  }
  const name = xml(
    '<D:propertyupdate><D:set><D:prop><D:displayname>Fun, and &lt;games&gt;</D:displayname></D:prop></D:set></D:propertyupdate>',
  );
  await test.ask('PROPPATCH', calendar, { body: name });
  const reply = await test.ask('GET', calendar);
  expect(reply.headers['content-type']).toBe('text/calendar; charset=utf-8');
  const inner = (uid: string): string =>
    /BEGIN:VEVENT.*END:VEVENT\r\n/s.exec(
      event(uid, ['DESCRIPTION:x\r\n END:VEVENT'], 'DTSTART;TZID=Here:20261201T090000'),
    )?.[0] ?? '';
  expect(reply.text).toBe(
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//davpulse//davpulse//EN\r\nX-WR-CALNAME:Fun\\, and <games>\r\n${zone}${inner('a')}${inner('b')}END:VCALENDAR\r\n`,
  );
  const book = '/addressbooks/alice/addressbook/';
  for (const uid of ['a', 'b']) await test.ask('PUT', `${book}${uid}.vcf`, { body: card(uid) });
  const cards = await test.ask('GET', book, { headers: { accept: 'text/vcard' } });
  expect(cards.text).toBe(card('a') + card('b'));
  expect((await test.ask('GET', book)).headers['content-type']).toBe('text/html; charset=utf-8');
  const page = await test.ask('GET', calendar, { headers: { accept: 'text/html,*/*' } });
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
});

it('gives collections entity tags that change with what is in them', async () => {
  await using test = await startTestServer();
  const tag = async (path: string): Promise<unknown> => (await test.ask('GET', path)).headers['etag'];
  const first = await tag(calendar);
  const home = await tag('/calendars/alice/');
  const unchanged = await test.ask('GET', calendar, { headers: { 'if-none-match': String(first) } });
  expect([unchanged.status, unchanged.text]).toEqual([304, '']);
  await test.ask('PUT', `${calendar}a.ics`, { body: event('a') });
  expect(await tag(calendar)).not.toBe(first);
  expect(await tag('/calendars/alice/')).not.toBe(home);
  const dated = async (ms: number): Promise<number> => {
    const since = new Date(ms).toUTCString();
    return (await test.ask('GET', calendar, { headers: { 'if-modified-since': since } })).status;
  };
  expect([await dated(Date.now() + 5000), await dated(Date.now() - 60_000)]).toEqual([304, 200]);
  const [told] = parts(
    await test.ask('PROPFIND', calendar, { headers: { depth: '0' }, body: propfindBody('D:getetag') }),
  );
  expect(told?.found.get('getetag')?.text).toBe(await tag(calendar));
  expect(await tag('/calendars/')).toBeUndefined();
});

it('sends who leaves out the slash of a collection to the path with it', async () => {
  await using test = await startTestServer();
  const reply = await test.ask('GET', '/calendars/alice/calendar');
  expect([reply.status, reply.headers['location']]).toEqual([301, calendar]);
});
