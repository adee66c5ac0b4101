import { expect, it } from 'vitest';
import { condition, event, parts, propfindBody, startTestServer, syncBody } from './harness.ts';
import { address, meeting, members, only } from './meetings.ts';

it('delivers an invitation, takes the answer back, and calls the meeting off', async () => {
  await using test = await startTestServer();
  const url = '/calendars/alice/calendar/m.ics';
  const put = await test.ask('PUT', url, {
    body: meeting('m', { bob: 'NEEDS-ACTION', carol: 'NEEDS-ACTION', nobody: 'NEEDS-ACTION' }),
  });
  expect(put.status).toBe(201);
  expect(put.headers['schedule-tag']).toBeDefined();
  expect(put.headers['etag']).toBeUndefined();
  const mine = (await test.ask('GET', url)).text.replaceAll('\r\n ', '');
  expect(mine).toMatch(/SCHEDULE-STATUS=1.2[^\r]*:mailto:bob@/);
  expect(mine).toMatch(/SCHEDULE-STATUS=3.7[^\r]*:mailto:nobody@/);
  expect((await only(test, 'bob', 'inbox')).text).toContain('METHOD:REQUEST');
  const held = await only(test, 'bob', 'calendar');
  expect(held.text).not.toContain('METHOD');
  const tag = (await test.ask('GET', url)).headers['schedule-tag'];
  const answer = await test.ask('PUT', held.href, {
    user: 'bob',
    body: meeting('m', { bob: 'ACCEPTED', carol: 'NEEDS-ACTION', nobody: 'NEEDS-ACTION' }),
  });
  expect(answer.status).toBe(204);
  const after = await test.ask('GET', url);
  expect(after.text.replaceAll('\r\n ', '')).toMatch(/PARTSTAT=ACCEPTED[^\r]*:mailto:bob@/);
  expect(after.headers['schedule-tag']).toBe(tag);
  expect((await only(test, 'alice', 'inbox')).text).toContain('METHOD:REPLY');
  expect((await test.ask('DELETE', url, { headers: { 'if-schedule-tag-match': '"other"' } })).status).toBe(
    412,
  );
  expect((await test.ask('DELETE', url)).status).toBe(204);
  const off = await only(test, 'bob', 'calendar');
  expect(off.text).toContain('STATUS:CANCELLED');
  expect((await members(test, 'bob', 'inbox')).length).toBe(2);
  const told = (await members(test, 'alice', 'inbox')).length;
  expect((await test.ask('DELETE', off.href, { user: 'bob' })).status).toBe(204);
  expect((await members(test, 'alice', 'inbox')).length).toBe(told);
});

it('takes a removed event of an attendee as a refusal', async () => {
  await using test = await startTestServer();
  const url = '/calendars/alice/calendar/m.ics';
  await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION', carol: 'NEEDS-ACTION' }) });
  await test.ask('DELETE', (await only(test, 'carol', 'calendar')).href, {
    user: 'carol',
    headers: { 'schedule-reply': 'F' },
  });
  await test.ask('DELETE', (await only(test, 'bob', 'calendar')).href, { user: 'bob' });
  const text = (await test.ask('GET', url)).text.replaceAll('\r\n ', '');
  expect(text).toMatch(/PARTSTAT=DECLINED[^\r]*:mailto:bob@/);
  expect(text).toMatch(/PARTSTAT=NEEDS-ACTION[^\r]*:mailto:carol@/);
});

it('refuses one event in two calendars and two organisers in one event', async () => {
  await using test = await startTestServer();
  await test.ask('MKCALENDAR', '/calendars/alice/other/');
  await test.ask('PUT', '/calendars/alice/calendar/m.ics', { body: meeting('m', { bob: 'NEEDS-ACTION' }) });
  const twice = await test.ask('PUT', '/calendars/alice/other/m.ics', {
    body: meeting('m', { bob: 'NEEDS-ACTION' }),
  });
  expect([twice.status, condition(twice)]).toEqual([403, 'unique-scheduling-object-resource']);
});

it('tells the busy times of others, and nothing else about them', async () => {
  await using test = await startTestServer();
  await test.ask('PUT', '/calendars/bob/calendar/a.ics', {
    user: 'bob',
    body: event('a', ['DURATION:PT1H']),
  });
  const body = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//t//EN',
    'METHOD:REQUEST',
    'BEGIN:VFREEBUSY',
    'UID:f',
    'DTSTAMP:20261101T000000Z',
    'DTSTART:20261201T000000Z',
    'DTEND:20261202T000000Z',
    `ORGANIZER:${address('alice')}`,
    `ATTENDEE:${address('bob')}`,
    `ATTENDEE:${address('ghost')}`,
    'END:VFREEBUSY',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
  const headers = { 'content-type': 'text/calendar' };
  const reply = await test.ask('POST', '/calendars/alice/outbox/', { headers, body });
  expect(reply.status).toBe(200);
  expect(reply.text).toContain('FREEBUSY;FBTYPE=BUSY:20261201T090000Z/PT1H');
  expect(reply.text).toContain('3.7;Invalid calendar user');
  expect(reply.text).not.toContain('Meeting');
  expect((await test.ask('POST', '/calendars/bob/outbox/', { headers, body })).status).toBe(403);
});

it('shows a shared calendar in the home of another user, as the owner allows', async () => {
  await using test = await startTestServer({
    shares: [{ owner: 'alice', collection: 'calendars/calendar', with: 'bob', access: 'read' }],
  });
  await test.ask('PUT', '/calendars/alice/calendar/a.ics', { body: event('a') });
  const shared = '/calendars/bob/alice-calendar/';
  const home = await test.ask('PROPFIND', '/calendars/bob/', {
    user: 'bob',
    headers: { depth: '1' },
    body: propfindBody('D:owner'),
  });
  expect(parts(home).map(({ href }) => href)).toContain(shared);
  expect((await test.ask('GET', `${shared}a.ics`, { user: 'bob' })).text).toBe(event('a'));
  expect((await test.ask('PUT', `${shared}b.ics`, { user: 'bob', body: event('b') })).status).toBe(403);
  expect((await test.ask('DELETE', `${shared}a.ics`, { user: 'bob' })).status).toBe(403);
  const grant =
    '<?xml version="1.0"?><D:share-resource xmlns:D="DAV:"><D:sharee><D:href>/principals/bob/</D:href><D:share-access><D:read-write/></D:share-access></D:sharee></D:share-resource>';
  const headers = { 'content-type': 'application/xml' };
  expect((await test.ask('POST', shared, { user: 'bob', headers, body: grant })).status).toBe(403);
  expect((await test.ask('POST', '/calendars/alice/calendar/', { headers, body: grant })).status).toBe(204);
  expect((await test.ask('PUT', `${shared}b.ics`, { user: 'bob', body: event('b') })).status).toBe(201);
  const seen = await test.ask('REPORT', '/calendars/alice/calendar/', { body: syncBody('') });
  expect(parts(seen).map(({ href }) => href)).toEqual([
    '/calendars/alice/calendar/a.ics',
    '/calendars/alice/calendar/b.ics',
  ]);
  expect((await test.ask('DELETE', shared, { user: 'bob' })).status).toBe(204);
  expect((await test.ask('GET', '/calendars/alice/calendar/b.ics')).status).toBe(200);
});

it('lets an attendee change the answer, alarms and notes of their own, and nothing else', async () => {
  await using test = await startTestServer();
  await test.ask('PUT', '/calendars/alice/calendar/m.ics', { body: meeting('m', { bob: 'NEEDS-ACTION' }) });
  const { href, text } = await only(test, 'bob', 'calendar');
  for (const [from, to] of [
    ['SUMMARY:Meeting', 'SUMMARY:Party'],
    ['DTSTART:20261201T090000Z', 'DTSTART:20261201T100000Z'],
    ['SUMMARY:Meeting', `SUMMARY:Meeting\r\nATTENDEE:${address('carol')}`],
  ] as const) {
    const refused = await test.ask('PUT', href, { user: 'bob', body: text.replace(from, to) });
    expect([refused.status, condition(refused)]).toEqual([403, 'allowed-attendee-scheduling-object-change']);
  }
  const own = text
    .replace('PARTSTAT=NEEDS-ACTION', 'PARTSTAT=ACCEPTED')
    .replace('SUMMARY:Meeting', 'SUMMARY:Meeting\r\nTRANSP:TRANSPARENT\r\nX-NOTE:mine');
  expect((await test.ask('PUT', href, { user: 'bob', body: own })).status).toBe(204);
});

it('schedules what COPY and MOVE bring into a calendar and take out of it', async () => {
  await using test = await startTestServer();
  const file = '/files/alice/m.ics';
  await test.ask('PUT', file, {
    headers: { 'content-type': 'text/calendar' },
    body: meeting('m', { bob: 'NEEDS-ACTION' }),
  });
  const carry = async (method: string, from: string, to: string) =>
    test.ask(method, from, { headers: { destination: to } });
  await test.ask('MKCALENDAR', '/calendars/alice/second/');
  expect((await carry('COPY', file, '/calendars/alice/calendar/m.ics')).status).toBe(201);
  expect((await members(test, 'bob', 'calendar')).length).toBe(1);
  const twice = await carry('COPY', '/calendars/alice/calendar/m.ics', '/calendars/alice/second/m.ics');
  expect(condition(twice)).toBe('unique-scheduling-object-resource');
  const inbox = (await members(test, 'bob', 'inbox')).length;
  expect(
    (await carry('MOVE', '/calendars/alice/calendar/m.ics', '/calendars/alice/second/m.ics')).status,
  ).toBe(201);
  expect((await members(test, 'bob', 'inbox')).length).toBe(inbox);
  expect((await carry('MOVE', '/calendars/alice/second/m.ics', '/files/alice/away.ics')).status).toBe(201);
  expect((await only(test, 'bob', 'calendar')).text).toContain('STATUS:CANCELLED');
});
