import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  card,
  condition,
  parts,
  startTestServer,
  syncBody,
  syncToken,
  xml,
  type TestServer,
} from './harness.ts';
import { objects } from './rfc-objects.ts';

const calendar = '/calendars/alice/calendar/';
const book = '/addressbooks/alice/addressbook/';

const query = (props: string, filter: string): string =>
  xml(
    `<C:calendar-query><D:prop>${props}</D:prop><C:filter><C:comp-filter name="VCALENDAR">${filter}</C:comp-filter></C:filter></C:calendar-query>`,
  );
const events = (inner = ''): string => `<C:comp-filter name="VEVENT">${inner}</C:comp-filter>`;
const range = (start: string, end: string): string => `<C:time-range start="${start}" end="${end}"/>`;
const fourth = events(range('20060104T000000Z', '20060105T000000Z'));

describe('the examples of RFC 4791 section 7.8', () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer();
    for (const [name, body] of Object.entries(objects)) {
      const { status } = await test.ask('PUT', calendar + name, { body });
      // The default calendar takes events, tasks and notes; a stored free-busy time needs a calendar for it.
      if (name !== 'abcd8.ics') expect([name, status]).toEqual([name, 201]);
    }
  });
  afterAll(() => test[Symbol.asyncDispose]());

  const ask = async (props: string, filter: string) => {
    const reply = await test.ask('REPORT', calendar, { headers: { depth: '1' }, body: query(props, filter) });
    expect(reply.status).toBe(207);
    return parts(reply).map(({ href, found }) => ({
      name: href.slice(calendar.length),
      data: found.get('calendar-data')?.text ?? '',
    }));
  };
  const names = async (filter: string): Promise<string[]> =>
    (await ask('<D:getetag/>', filter)).map(({ name }) => name);

  it('7.8.1: parts of the events in a range', async () => {
    const props =
      '<D:getetag/><C:calendar-data><C:comp name="VCALENDAR"><C:prop name="VERSION"/><C:comp name="VEVENT"><C:prop name="SUMMARY"/><C:prop name="UID"/><C:prop name="DTSTART"/><C:prop name="RECURRENCE-ID"/></C:comp><C:comp name="VTIMEZONE"/></C:comp></C:calendar-data>';
    const found = await ask(props, fourth);
    expect(found.map(({ name }) => name)).toEqual(['abcd2.ics', 'abcd3.ics']);
    expect(found[1]?.data).toContain('BEGIN:VTIMEZONE');
    expect(found[1]?.data).toContain('SUMMARY:Event #3');
    expect(found[1]?.data).not.toMatch(/DTSTAMP|DURATION|PRODID|ATTENDEE/);
  });

  it('7.8.2: the overrides that touch a range', async () => {
    const [second] = await ask(
      '<C:calendar-data><C:limit-recurrence-set start="20060103T000000Z" end="20060105T000000Z"/></C:calendar-data>',
      events(range('20060103T000000Z', '20060105T000000Z')),
    );
    expect(second?.data).toContain('RRULE:FREQ=DAILY;COUNT=5');
    expect(second?.data).toContain('20060104T140000');
    expect(second?.data).not.toContain('20060106T140000');
  });

  it('7.8.3: instances in UTC instead of rules', async () => {
    const [second] = await ask(
      '<C:calendar-data><C:expand start="20060103T000000Z" end="20060105T000000Z"/></C:calendar-data>',
      events(range('20060103T000000Z', '20060105T000000Z')),
    );
    expect(second?.data.match(/DTSTART:\S+/g)).toEqual([
      'DTSTART:20060103T170000Z',
      'DTSTART:20060104T190000Z',
    ]);
    expect(second?.data.match(/RECURRENCE-ID:\S+/g)).toEqual([
      'RECURRENCE-ID:20060103T170000Z',
      'RECURRENCE-ID:20060104T170000Z',
    ]);
    expect(second?.data).not.toMatch(/RRULE|VTIMEZONE/);
  });

  it('7.8.5 and 7.8.6: tasks by their alarms, an event by its UID', async () => {
    const alarm = `<C:comp-filter name="VALARM">${range('20060106T094500Z', '20060106T100000Z')}</C:comp-filter>`;
    expect(await names(`<C:comp-filter name="VTODO">${alarm}</C:comp-filter>`)).toEqual(['abcd5.ics']);
    const uid =
      '<C:prop-filter name="UID"><C:text-match collation="i;octet">DC6C50A017428C5216A2F1CD@example.com</C:text-match></C:prop-filter>';
    expect(await names(events(uid))).toEqual(['abcd3.ics']);
  });

  it('7.8.7 to 7.8.9: who has not answered, all events, open tasks', async () => {
    const open =
      '<C:prop-filter name="ATTENDEE"><C:text-match collation="i;ascii-casemap">mailto:lisa@example.com</C:text-match><C:param-filter name="PARTSTAT"><C:text-match collation="i;ascii-casemap">NEEDS-ACTION</C:text-match></C:param-filter></C:prop-filter>';
    expect(await names(events(open))).toEqual(['abcd3.ics']);
    expect(await names(events())).toEqual(['abcd1.ics', 'abcd2.ics', 'abcd3.ics']);
    const pending =
      '<C:prop-filter name="COMPLETED"><C:is-not-defined/></C:prop-filter><C:prop-filter name="STATUS"><C:text-match negate-condition="yes">CANCELLED</C:text-match></C:prop-filter>';
    expect(await names(`<C:comp-filter name="VTODO">${pending}</C:comp-filter>`)).toEqual([
      'abcd4.ics',
      'abcd5.ics',
    ]);
  });

  it('7.8.10: an unknown collation', async () => {
    const text =
      '<C:prop-filter name="SUMMARY"><C:text-match collation="i;unknown">x</C:text-match></C:prop-filter>';
    const refused = await test.ask('REPORT', calendar, { body: query('<D:getetag/>', events(text)) });
    expect([refused.status, condition(refused)]).toEqual([403, 'supported-collation']);
  });

  it('7.10: busy times of a day', async () => {
    const reply = await test.ask('REPORT', calendar, {
      headers: { depth: '1' },
      body: xml(`<C:free-busy-query>${range('20060104T140000Z', '20060105T220000Z')}</C:free-busy-query>`),
    });
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('FREEBUSY;FBTYPE=BUSY-TENTATIVE:20060104T150000Z/PT1H');
    expect(reply.text).toContain('FREEBUSY;FBTYPE=BUSY:20060104T190000Z/PT1H,20060105T170000Z/PT1H');
  });
});

it('the examples of RFC 6578 section 3: first sync, changes with a removal, a page, a bad token', async () => {
  await using test = await startTestServer();
  const all = async (body: string) => test.ask('REPORT', book, { body });
  for (const name of ['test', 'vcard', 'calendar'])
    await test.ask('PUT', `${book}${name}.vcf`, { body: card(name) });
  const first = await all(syncBody('', '', '<D:getetag/><X:bigbox xmlns:X="urn:x"/>'));
  expect(parts(first).map(({ href }) => href)).toEqual(
    ['test', 'vcard', 'calendar'].map((n) => `${book}${n}.vcf`),
  );
  expect(parts(first).every(({ missing }) => missing.includes('bigbox'))).toBe(true);
  await test.ask('PUT', `${book}file.vcf`, { body: card('file') });
  await test.ask('PUT', `${book}calendar.vcf`, { body: card('calendar', ['NOTE:x']) });
  await test.ask('DELETE', `${book}test.vcf`);
  const next = await all(syncBody(syncToken(first)));
  expect(parts(next).map(({ href, status }) => [href.slice(book.length), status])).toEqual([
    ['file.vcf', undefined],
    ['calendar.vcf', undefined],
    ['test.vcf', 404],
  ]);
  const page = await all(syncBody('', '<D:limit><D:nresults>1</D:nresults></D:limit>'));
  const [one, more, ...rest] = parts(page);
  expect([one?.href, more?.href, more?.status, rest.length]).toEqual([`${book}vcard.vcf`, book, 507, 0]);
  expect(page.text).toContain('number-of-matches-within-limits');
  const left = await all(syncBody(syncToken(page)));
  expect(parts(left).filter(({ status }) => status === undefined)).toHaveLength(2);
  const bad = await all(syncBody('http://example.com/ns/sync/0'));
  expect([bad.status, condition(bad)]).toEqual([403, 'valid-sync-token']);
});

it('the examples of RFC 6352 section 8: by nickname, by any of two, with a limit', async () => {
  await using test = await startTestServer();
  const people: Readonly<Record<string, string[]>> = {
    me: ['NICKNAME:me', 'EMAIL:daboo@example.com'],
    you: ['NICKNAME:you', 'EMAIL:me@elsewhere.example'],
    they: ['EMAIL:they@example.org'],
  };
  for (const [uid, lines] of Object.entries(people))
    await test.ask('PUT', `${book}${uid}.vcf`, { body: card(uid, lines) });
  const match = (name: string, type: string, text: string): string =>
    `<CR:prop-filter name="${name}"><CR:text-match collation="i;unicode-casemap" match-type="${type}">${text}</CR:text-match></CR:prop-filter>`;
  const find = async (filter: string, more = '') =>
    test.ask('REPORT', book, {
      headers: { depth: '1' },
      body: xml(
        `<CR:addressbook-query><D:prop><D:getetag/><CR:address-data><CR:prop name="VERSION"/><CR:prop name="UID"/><CR:prop name="NICKNAME"/></CR:address-data></D:prop>${filter}${more}</CR:addressbook-query>`,
      ),
    });
  const names = (reply: Awaited<ReturnType<typeof find>>) =>
    parts(reply).map(({ href }) => href.slice(book.length, -4));
  const exact = await find(`<CR:filter>${match('NICKNAME', 'equals', 'ME')}</CR:filter>`);
  expect(names(exact)).toEqual(['me']);
  expect(exact.text).toContain('NICKNAME:me');
  expect(exact.text).not.toContain('EMAIL');
  const either = match('NICKNAME', 'contains', 'me') + match('EMAIL', 'contains', 'me');
  expect(names(await find(`<CR:filter test="anyof">${either}</CR:filter>`))).toEqual(['me', 'you']);
  expect(names(await find(`<CR:filter test="allof">${either}</CR:filter>`))).toEqual([]);
  const some = await find('<CR:filter/>', '<CR:limit><CR:nresults>2</CR:nresults></CR:limit>');
  expect(parts(some).map(({ status }) => status)).toEqual([undefined, undefined, 507]);
  expect(some.text).toContain('number-of-matches-within-limits');
});
