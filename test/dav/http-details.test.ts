import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { condition, event, parts, propfindBody, startTestServer, xml } from './harness.ts';

const home = '/calendars/alice/';
const calendar = `${home}calendar/`;

it('says what can be done instead where a method is not allowed (RFC 9110 15.5.6)', async () => {
  await using test = await startTestServer();
  const refused = await test.ask('PUT', calendar, { body: event('a') });
  expect([refused.status, refused.headers['allow']]).toEqual([405, expect.stringContaining('PROPFIND')]);
});

it('answers 501 to a method that nobody knows (RFC 9110 15.6.2)', async () => {
  await using test = await startTestServer();
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(test.server.port, '127.0.0.1', () =>
      socket.write('SCHEDULE / HTTP/1.1\r\nhost: a\r\n\r\n'),
    );
    socket.once('data', (data) => resolve(data.toString()));
    socket.once('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1.1 501 /);
});

it('takes no packed bodies (RFC 9110 8.4)', async () => {
  await using test = await startTestServer();
  const headers = { 'content-encoding': 'gzip' };
  const refused = await test.ask('PUT', `${calendar}a.ics`, { headers, body: gzipSync(event('a')) });
  expect([refused.status, refused.headers['accept-encoding']]).toEqual([415, 'identity']);
});

it('keeps text between the elements of a property where it is (RFC 4918 4.3)', async () => {
  await using test = await startTestServer();
  const value = 'so <X:b xmlns:X="urn:x">much</X:b> of <X:i xmlns:X="urn:x">it &amp; more</X:i> here';
  const set = `<D:set><D:prop><X:note xmlns:X="urn:x">${value}</X:note></D:prop></D:set>`;
  await test.ask('PROPPATCH', calendar, { body: xml(`<D:propertyupdate>${set}</D:propertyupdate>`) });
  const body = xml('<D:propfind><D:prop><X:note xmlns:X="urn:x"/></D:prop></D:propfind>');
  const { text } = await test.ask('PROPFIND', calendar, { body, headers: { depth: '0' } });
  const told = /<note[^>]*>(.*)<\/note>/s.exec(text)?.[1]?.replaceAll(/<(\/?)(\w)[^>]*>/g, '<$1$2>');
  expect(told).toBe('so <b>much</b> of <i>it &amp; more</i> here');
});

it('keeps the language of properties, also where it is said around them (RFC 4918 4.3)', async () => {
  await using test = await startTestServer();
  const patch = (inner: string) =>
    test.ask('PROPPATCH', calendar, { body: xml(`<D:propertyupdate>${inner}</D:propertyupdate>`) });
  await patch(
    '<D:set><D:prop xml:lang="de"><C:calendar-description>Termine</C:calendar-description><X:note xmlns:X="urn:x">a</X:note></D:prop></D:set>' +
      '<D:set xml:lang="fr"><D:prop><D:displayname xml:lang="en">Events</D:displayname></D:prop></D:set>',
  );
  const body = xml(
    '<D:propfind><D:prop><C:calendar-description/><D:displayname/><X:note xmlns:X="urn:x"/></D:prop></D:propfind>',
  );
  const found = parts(await test.ask('PROPFIND', calendar, { headers: { depth: '0' }, body }))[0]?.found;
  const language = '{http://www.w3.org/XML/1998/namespace}lang';
  expect(
    ['calendar-description', 'displayname', 'note'].map((name) => {
      const property = found?.get(name);
      return [property?.text, property?.attributes[language]];
    }),
  ).toEqual([
    ['Termine', 'de'],
    ['Events', 'en'],
    ['a', 'de'],
  ]);
});

it('names the place where a collection can be by its kind (RFC 4791 5.3.1.1, RFC 6352 6.3.2.1)', async () => {
  await using test = await startTestServer();
  const move = async (from: string, to: string) =>
    condition(await test.ask('MOVE', from, { headers: { destination: to } }));
  expect(await move('/addressbooks/alice/addressbook/', `${home}book/`)).toBe(
    'addressbook-collection-location-ok',
  );
  expect(await move(calendar, '/files/alice/calendar/')).toBe('calendar-collection-location-ok');
});

it('says that it left out the outcome of making a collection (RFC 8144 2.3)', async () => {
  await using test = await startTestServer();
  const made = await test.ask('MKCALENDAR', `${home}new/`, { headers: { prefer: 'return=minimal' } });
  expect([made.status, made.headers['preference-applied']]).toEqual([201, 'return=minimal']);
});

it('names the privileges of scheduling where there are any (RFC 6638 6)', async () => {
  await using test = await startTestServer();
  const names = async (path: string): Promise<string> =>
    (
      await test.ask('PROPFIND', path, {
        headers: { depth: '0' },
        body: propfindBody('D:supported-privilege-set'),
      })
    ).text;
  expect(await names(`${home}inbox/`)).toContain('schedule-deliver-invite');
  expect(await names(`${home}outbox/`)).toContain('schedule-send-freebusy');
  expect(await names(calendar)).not.toContain('schedule-');
});

it('takes an exception and an override in UTC for instances that have a zone', async () => {
  await using test = await startTestServer();
  const override = event(
    'z',
    ['RECURRENCE-ID:20270106T090000Z', 'DURATION:PT2H'],
    'DTSTART:20270106T110000Z',
  );
  const body = event(
    'z',
    ['DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=4', 'EXDATE:20270105T090000Z'],
    'DTSTART;TZID=Europe/Vienna:20270104T100000',
  ).replace('END:VCALENDAR\r\n', override.slice(override.indexOf('BEGIN:VEVENT')));
  expect((await test.ask('PUT', `${calendar}z.ics`, { body })).status).toBe(201);
  const { text } = await test.ask('REPORT', calendar, {
    body: xml(
      '<C:free-busy-query><C:time-range start="20270101T000000Z" end="20270201T000000Z"/></C:free-busy-query>',
    ),
  });
  expect(text.replaceAll('\r\n ', '')).toContain(
    'BUSY:20270104T090000Z/PT1H,20270106T110000Z/PT2H,20270107T090000Z/PT1H\r\n',
  );
});

it('leaves out what has no end, and takes no expansion without one (RFC 4791 9.6.5)', async () => {
  await using test = await startTestServer();
  await test.ask('PUT', `${calendar}a.ics`, { body: event('a', ['DURATION:PT1H']) });
  const busy = await test.ask('REPORT', calendar, {
    body: xml('<C:free-busy-query><C:time-range start="20261101T000000Z"/></C:free-busy-query>'),
  });
  expect(busy.text).toContain('DTSTART:20261101T000000Z\r\nFREEBUSY;FBTYPE=BUSY:20261201T090000Z/PT1H\r\n');
  for (const name of ['expand', 'limit-recurrence-set', 'limit-freebusy-set']) {
    const data = `<C:calendar-data><C:${name} start="20261101T000000Z"/></C:calendar-data>`;
    const body = `<C:calendar-multiget><D:prop>${data}</D:prop><D:href>${calendar}a.ics</D:href></C:calendar-multiget>`;
    expect((await test.ask('REPORT', calendar, { body: xml(body) })).status).toBe(400);
  }
});

it('knows collections by the tags that it tells of them, in every condition', async () => {
  await using test = await startTestServer();
  await test.ask('MKCALENDAR', `${home}new/`);
  const tag = async (): Promise<string> => {
    const body = propfindBody('D:getetag');
    const reply = await test.ask('PROPFIND', `${home}new/`, { headers: { depth: '0' }, body });
    return parts(reply)[0]?.found.get('getetag')?.text ?? '';
  };
  const old = await tag();
  const patch = (headers: Record<string, string>) =>
    test.ask('PROPPATCH', `${home}new/`, {
      headers,
      body: xml(
        '<D:propertyupdate><D:set><D:prop><D:displayname>x</D:displayname></D:prop></D:set></D:propertyupdate>',
      ),
    });
  expect((await patch({ 'if-match': old })).status).toBe(207);
  expect([(await patch({ 'if-match': old })).status, (await patch({ if: `([${old}])` })).status]).toEqual([
    412, 412,
  ]);
  expect((await patch({ if: `([${await tag()}])` })).status).toBe(207);
  const remove = async (match: string) =>
    (await test.ask('DELETE', `${home}new/`, { headers: { 'if-match': match } })).status;
  expect([await remove(old), await remove(await tag())]).toEqual([412, 204]);
});

it('answers with the part of a file that is asked for (RFC 9110 14)', async () => {
  await using test = await startTestServer();
  const { headers } = await test.ask('PUT', '/files/alice/a.txt', { body: '0123456789' });
  const get = async (range: string, more: Record<string, string> = {}, method = 'GET') => {
    const reply = await test.ask(method, '/files/alice/a.txt', { headers: { range, ...more } });
    return [reply.status, reply.text, reply.headers['content-range']];
  };
  const whole = [200, '0123456789', undefined];
  expect(await get('bytes=2-4')).toEqual([206, '234', 'bytes 2-4/10']);
  expect(await get('bytes=7-')).toEqual([206, '789', 'bytes 7-9/10']);
  expect(await get('bytes=-3')).toEqual([206, '789', 'bytes 7-9/10']);
  expect(await get('bytes=8-99')).toEqual([206, '89', 'bytes 8-9/10']);
  for (const none of ['bytes=10-', 'bytes=-0'])
    expect((await get(none)).filter((_, index) => index !== 1)).toEqual([416, 'bytes */10']);
  for (const ignored of ['bytes=4-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-'])
    expect(await get(ignored)).toEqual(whole);
  expect(await get('bytes=0-0', { 'if-range': String(headers['etag']) })).toEqual([206, '0', 'bytes 0-0/10']);
  expect(await get('bytes=0-0', { 'if-range': '"other"' })).toEqual(whole);
  expect(await get('bytes=0-0', {}, 'HEAD')).toEqual([200, '', undefined]);
});
