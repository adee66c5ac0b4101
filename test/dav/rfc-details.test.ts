import { describe, expect, it } from 'vitest';
import { card, condition, event, parts, startTestServer, xml, type TestServer } from './harness.ts';

const calendar = '/calendars/alice/calendar/';
const book = '/addressbooks/alice/addressbook/';

const query = (filter: string): string =>
  xml(
    `<C:calendar-query><D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR">${filter}</C:comp-filter></C:filter></C:calendar-query>`,
  );

it('writes no object over one with another UID (RFC 4791 5.3.2.1, RFC 6352 6.3.2.1)', async () => {
  await using test = await startTestServer();
  for (const uid of ['a', 'b']) {
    await test.ask('PUT', `${calendar}${uid}.ics`, { body: event(uid) });
    await test.ask('PUT', `${book}${uid}.vcf`, { body: card(uid) });
  }
  for (const [from, to] of [
    [`${calendar}a.ics`, `${calendar}b.ics`],
    [`${book}a.vcf`, `${book}b.vcf`],
  ] as const) {
    for (const method of ['COPY', 'MOVE']) {
      const refused = await test.ask(method, from, { headers: { destination: to, overwrite: 'T' } });
      expect([refused.status, condition(refused)]).toEqual([403, 'no-uid-conflict']);
    }
    const moved = await test.ask('MOVE', from, { headers: { destination: `${to}2` } });
    expect(moved.status).toBe(201);
  }
});

it('keeps a byte order mark and reads on behind it', async () => {
  await using test = await startTestServer();
  const body = `\uFEFF${event('a')}`;
  const put = await test.ask('PUT', `${calendar}a.ics`, { body });
  expect(put.status).toBe(201);
  const { headers } = await test.ask('GET', `${calendar}a.ics`);
  expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
  const found = await test.ask('REPORT', calendar, {
    body: query(
      '<C:comp-filter name="VEVENT"><C:prop-filter name="SUMMARY"><C:text-match>meet</C:text-match></C:prop-filter></C:comp-filter>',
    ),
  });
  expect(parts(found).map(({ href }) => href)).toEqual([`${calendar}a.ics`]);
  await test.ask('PUT', `${book}a.vcf`, { body: `\uFEFF${card('a')}` });
  const cards = await test.ask('REPORT', book, {
    body: xml(
      '<CR:addressbook-query><D:prop><D:getetag/></D:prop><CR:filter><CR:prop-filter name="FN"><CR:text-match>ann</CR:text-match></CR:prop-filter></CR:filter></CR:addressbook-query>',
    ),
  });
  expect(parts(cards).length).toBe(1);
});

it('takes objects in UTF-8 alone, and cards with one UID alone', async () => {
  await using test = await startTestServer();
  const put = async (path: string, type: string, body: string) => {
    const reply = await test.ask('PUT', path, { headers: { 'content-type': type }, body });
    return [reply.status, reply.status === 201 ? '' : condition(reply)];
  };
  const latin = 'charset=iso-8859-1';
  expect(await put(`${calendar}a.ics`, `text/calendar; ${latin}`, event('a'))).toEqual([
    403,
    'valid-calendar-data',
  ]);
  expect(await put(`${book}a.vcf`, `text/vcard; ${latin}`, card('a'))).toEqual([403, 'valid-address-data']);
  expect(await put(`${calendar}a.ics`, 'text/calendar; charset="UTF-8"', event('a'))).toEqual([201, '']);
  const bare = card('a').replace('UID:a\r\n', '');
  expect(await put(`${book}a.vcf`, 'text/vcard', bare)).toEqual([403, 'valid-address-data']);
  const nameless = card('a').replace(/(?:FN|N):.*\r\n/g, '');
  expect(await put(`${book}a.vcf`, 'text/vcard', nameless)).toEqual([403, 'valid-address-data']);
  expect(await put(`${book}a.vcf`, 'text/vcard', card('a', ['UID:b']))).toEqual([403, 'valid-address-data']);
  expect(await put(`${book}a.vcf`, 'text/vcard', card('a'))).toEqual([201, '']);
});

it('queries the collections of a home at any depth but 0', async () => {
  await using test = await startTestServer();
  await test.ask('PUT', `${calendar}a.ics`, { body: event('a') });
  await test.ask('PUT', `${book}a.vcf`, { body: card('a') });
  const cards = xml('<CR:addressbook-query><D:prop><D:getetag/></D:prop><CR:filter/></CR:addressbook-query>');
  for (const [depth, wanted] of [
    ['0', 0],
    ['1', 1],
    ['infinity', 1],
  ] as const) {
    const headers = { depth };
    const found = [
      await test.ask('REPORT', '/calendars/alice/', {
        headers,
        body: query('<C:comp-filter name="VEVENT"/>'),
      }),
      await test.ask('REPORT', '/addressbooks/alice/', { headers, body: cards }),
    ];
    expect(found.map((reply) => parts(reply).length)).toEqual([wanted, wanted]);
  }
});

it('finds a task that recurs by when it is due', async () => {
  await using test = await startTestServer();
  const body = event('t', ['RRULE:FREQ=DAILY;COUNT=5'], 'DUE:20270102T160000Z').replaceAll('VEVENT', 'VTODO');
  expect((await test.ask('PUT', '/calendars/alice/tasks/t.ics', { body })).status).toBe(201);
  const on = async (day: string) => {
    const range = `<C:time-range start="202701${day}T000000Z" end="202701${day}T235959Z"/>`;
    const reply = await test.ask('REPORT', '/calendars/alice/tasks/', {
      body: query(`<C:comp-filter name="VTODO">${range}</C:comp-filter>`),
    });
    return parts(reply).length;
  };
  expect([await on('01'), await on('02'), await on('06'), await on('07')]).toEqual([0, 1, 1, 0]);
});

it('matches principals by whom a property names (RFC 3744 9.3)', async () => {
  await using test = await startTestServer();
  const match = async (path: string, inner: string, user = 'alice') =>
    test.ask('REPORT', path, { user, body: xml(`<D:principal-match>${inner}</D:principal-match>`) });
  const name = '<D:principal-property><X:boss xmlns:X="urn:x"/></D:principal-property>';
  await test.ask('PROPPATCH', calendar, {
    body: xml(
      '<D:propertyupdate><D:set><D:prop><X:boss xmlns:X="urn:x"><D:href>/principals/alice/</D:href></X:boss></D:prop></D:set></D:propertyupdate>',
    ),
  });
  expect(parts(await match('/calendars/alice/', name)).map(({ href }) => href)).toEqual([calendar]);
  expect(parts(await match('/principals/', '<D:self/>')).map(({ href }) => href)).toEqual([
    '/principals/alice/',
  ]);
  expect((await match('/principals/', '')).status).toBe(400);
  expect((await match('/principals/', '<D:self/><D:prop/><D:prop/>')).status).toBe(400);
});

it('tells what can be searched of principals where they are (RFC 3744 section 9.5)', async () => {
  await using test = await startTestServer();
  const body = xml('<D:principal-search-property-set/>');
  const ask = async (path: string) => test.ask('REPORT', path, { headers: { depth: '0' }, body });
  expect((await ask('/principals/')).text).toContain('principal-search-property>');
  const elsewhere = await ask('/addressbooks/alice/');
  expect([elsewhere.status, condition(elsewhere)]).toEqual([403, 'supported-report']);
});

it('finds principals also for a client that names the wanted properties beside prop', async () => {
  await using test = await startTestServer();
  const found = await test.ask('REPORT', '/', {
    headers: { depth: '0' },
    body: xml(
      '<D:principal-property-search><D:property-search><D:prop><D:displayname/></D:prop><D:match>bob</D:match></D:property-search><D:prop/><C:calendar-home-set/><D:displayname/></D:principal-property-search>',
    ),
  });
  const [bob] = parts(found);
  expect(bob?.href).toBe('/principals/bob/');
  expect([...(bob?.found.keys() ?? [])]).toEqual(['calendar-home-set', 'displayname']);
  const all = '<D:principal-property-search><D:prop><D:displayname/></D:prop></D:principal-property-search>';
  expect(parts(await test.ask('REPORT', '/principals/', { body: xml(all) })).length).toBe(3);
});

it('finds by how a value is written: its VALUE, and the text of a time', async () => {
  await using test = await startTestServer();
  await test.ask('PUT', `${calendar}day.ics`, { body: event('day', [], 'DTSTART;VALUE=DATE:20270104') });
  await test.ask('PUT', `${calendar}hour.ics`, { body: event('hour', [], 'DTSTART:20270104T090000Z') });
  await test.ask('PUT', `${book}a.vcf`, { body: card('a', ['LOGO;VALUE=uri:http://example.com/a']) });
  const names = async (inner: string) => {
    const filter = `<C:comp-filter name="VEVENT"><C:prop-filter name="DTSTART">${inner}</C:prop-filter></C:comp-filter>`;
    const found = parts(await test.ask('REPORT', calendar, { body: query(filter) }));
    return found.map(({ href }) => href.slice(calendar.length)).sort();
  };
  const value = (inner: string): string => `<C:param-filter name="VALUE">${inner}</C:param-filter>`;
  expect(await names(value('<C:text-match>date</C:text-match>'))).toEqual(['day.ics']);
  expect(await names(value('<C:is-not-defined/>'))).toEqual(['hour.ics']);
  expect(await names('<C:text-match>20270104T09</C:text-match>')).toEqual(['hour.ics']);
  expect(await names('<C:text-match>20270104</C:text-match>')).toEqual(['day.ics', 'hour.ics']);
  const cards = await test.ask('REPORT', book, {
    body: xml(
      '<CR:addressbook-query><D:prop><D:getetag/></D:prop><CR:filter><CR:prop-filter name="LOGO"><CR:param-filter name="VALUE"><CR:text-match match-type="equals">URI</CR:text-match></CR:param-filter></CR:prop-filter></CR:filter></CR:addressbook-query>',
    ),
  });
  expect(parts(cards)).toHaveLength(1);
});

describe('tasks in a time range (RFC 4791 section 9.9)', () => {
  const tasks = '/calendars/alice/tasks/';
  const task = (uid: string, lines: readonly string[]): string =>
    event(uid, lines, `COMMENT:${uid}`).replaceAll('VEVENT', 'VTODO');
  const range = 'start="20300106T090000Z" end="20300106T100000Z"';
  const expand = async (test: TestServer): Promise<Map<string, string>> => {
    const reply = await test.ask('REPORT', tasks, {
      body: xml(
        `<C:calendar-query><D:prop><C:calendar-data><C:expand ${range}/></C:calendar-data></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VTODO"><C:time-range ${range}/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`,
      ),
    });
    return new Map(
      parts(reply).map(({ href, found }) => [
        href.slice(tasks.length, -4),
        found.get('calendar-data')?.text ?? '',
      ]),
    );
  };

  it.each<[wanted: boolean, lines: string[]]>([
    [false, ['DUE:20300106T090000Z']],
    [true, ['DUE:20300106T100000Z']],
    [true, ['COMPLETED:20300106T100000Z']],
    [true, ['CREATED:20290101T000000Z']],
    [true, []],
    [true, ['DTSTART:20300106T080000Z', 'DURATION:PT1H']],
    [false, ['DTSTART:20300106T080000Z', 'DUE:20300106T090000Z']],
    [false, ['DTSTART:20300106T100000Z']],
    [true, ['CREATED:20300106T100000Z', 'COMPLETED:20300107T100000Z']],
    [false, ['CREATED:20300106T100000Z']],
    [true, ['DTSTART:20300106T093000Z', 'DUE:20300106T093000Z']],
  ])('%s: %j', async (wanted, lines) => {
    await using test = await startTestServer();
    await test.ask('PUT', `${tasks}t.ics`, { body: task('t', lines) });
    const found = (await expand(test)).get('t');
    expect([found !== undefined, found?.includes('BEGIN:VTODO')]).toEqual([
      wanted,
      wanted ? true : undefined,
    ]);
  });

  it('are as long as the whole where an instance does not say when it is', async () => {
    await using test = await startTestServer();
    const whole = (uid: string, year: number, rule = ['RRULE:FREQ=DAILY;COUNT=3']): string => {
      const body = task(uid, [`DTSTART:${year}0105T090000Z`, `DUE:${year}0105T170000Z`, ...rule]);
      const instance = task(uid, [`RECURRENCE-ID:${year}0106T090000Z`]).replace('Meeting', 'Other');
      return body.replace('END:VCALENDAR\r\n', instance.slice(instance.indexOf('BEGIN:VTODO')));
    };
    for (const [uid, year] of [
      ['now', 2030],
      ['later', 2031],
    ] as const)
      expect((await test.ask('PUT', `${tasks}${uid}.ics`, { body: whole(uid, year) })).status).toBe(201);
    const found = await expand(test);
    expect([...found.keys()]).toEqual(['now']);
    for (const line of ['RECURRENCE-ID', 'DTSTART'])
      expect(found.get('now')).toContain(`${line}:20300106T090000Z\r\n`);
    expect(found.get('now')).toContain('DUE:20300106T170000Z\r\n');
    expect(found.get('now')).toContain('SUMMARY:Other\r\n');
  });
});
