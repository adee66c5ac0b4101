import { expect, it } from 'vitest';
import {
  condition,
  event,
  parts,
  propfindBody,
  startTestServer,
  syncBody,
  syncToken,
  xml,
} from './harness.ts';

const calendar = '/calendars/alice/calendar/';

it('leads a client from the well-known URL to its collections', async () => {
  await using test = await startTestServer();
  const known = await test.ask('GET', '/.well-known/caldav', { user: '' });
  expect([known.status, known.headers['location']]).toEqual([301, '/']);
  const root = await test.ask('PROPFIND', '/', {
    headers: { depth: '0' },
    body: propfindBody('D:current-user-principal'),
  });
  expect(parts(root)[0]?.found.get('current-user-principal')?.children[0]?.text).toBe('/principals/alice/');
  const homes = propfindBody('C:calendar-home-set', 'CR:addressbook-home-set');
  const principal = parts(
    await test.ask('PROPFIND', '/principals/alice/', { headers: { depth: '0' }, body: homes }),
  )[0];
  expect(principal?.found.get('calendar-home-set')?.children[0]?.text).toBe('/calendars/alice/');
  const home = await test.ask('PROPFIND', '/calendars/alice/', {
    headers: { depth: '1' },
    body: propfindBody('D:resourcetype'),
  });
  expect(parts(home).map(({ href }) => href)).toEqual([
    '/calendars/alice/',
    calendar,
    '/calendars/alice/tasks/',
    '/calendars/alice/inbox/',
    '/calendars/alice/outbox/',
  ]);
});

it('asks for credentials and keeps users apart', async () => {
  await using test = await startTestServer();
  const anonymous = await test.ask('PROPFIND', calendar, { user: '' });
  expect([anonymous.status, anonymous.headers['www-authenticate']]).toEqual([
    401,
    expect.stringContaining('Basic realm'),
  ]);
  await test.ask('PUT', `${calendar}a.ics`, { body: event('a') });
  for (const method of ['GET', 'PROPFIND', 'REPORT', 'DELETE', 'PUT', 'PROPPATCH']) {
    const body = {
      PUT: event('b'),
      REPORT: syncBody(''),
      PROPPATCH: xml(
        '<D:propertyupdate><D:set><D:prop><D:displayname>x</D:displayname></D:prop></D:set></D:propertyupdate>',
      ),
    };
    for (const path of [calendar, `${calendar}a.ics`]) {
      const reply = await test.ask(method, path, {
        user: 'bob',
        ...(method in body ? { body: body[method as keyof typeof body] } : {}),
      });
      expect([403, 404, 405]).toContain(reply.status);
      expect(reply.text).not.toContain('SUMMARY');
    }
  }
});

it('tells what changed since a token, and refuses tokens it did not give', async () => {
  await using test = await startTestServer();
  const first = await test.ask('REPORT', calendar, { body: syncBody('') });
  expect(parts(first)).toEqual([]);
  await test.ask('PUT', `${calendar}a.ics`, { body: event('a') });
  await test.ask('PUT', `${calendar}b.ics`, { body: event('b') });
  const second = await test.ask('REPORT', calendar, {
    body: syncBody(syncToken(first)),
    headers: { depth: '1' },
  });
  expect(parts(second).map(({ href }) => href)).toEqual([`${calendar}a.ics`, `${calendar}b.ics`]);
  await test.ask('DELETE', `${calendar}a.ics`);
  const third = await test.ask('REPORT', calendar, { body: syncBody(syncToken(second)) });
  expect(parts(third).map(({ href, status }) => [href, status])).toEqual([[`${calendar}a.ics`, 404]]);
  const empty = await test.ask('REPORT', calendar, { body: syncBody(syncToken(third)) });
  expect([parts(empty), syncToken(empty)]).toEqual([[], syncToken(third)]);
  const paged = await test.ask('REPORT', calendar, {
    body: syncBody(syncToken(first), '<D:limit><D:nresults>1</D:nresults></D:limit>'),
  });
  expect(parts(paged).map(({ href, status }) => [href, status])).toEqual([
    [`${calendar}b.ics`, undefined],
    [calendar, 507],
  ]);
  for (const token of ['urn:nonsense', `${syncToken(third)}9`, 'data:,1']) {
    const refused = await test.ask('REPORT', calendar, { body: syncBody(token) });
    expect([refused.status, condition(refused)]).toEqual([403, 'valid-sync-token']);
  }
});
