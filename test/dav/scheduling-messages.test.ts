import { expect, it } from 'vitest';
import { condition, event, startTestServer, xml } from './harness.ts';
import { address, answer, meeting, members, only } from './meetings.ts';

const url = '/calendars/alice/calendar/m.ics';

it('tells attendees what changes for them, and again when asked to', async () => {
  await using test = await startTestServer();
  const inbox = async (user: string) => (await members(test, user, 'inbox')).length;
  const put = async (body: string) => (await test.ask('PUT', url, { body })).status;
  const first = meeting('m', { bob: 'NEEDS-ACTION', carol: 'NEEDS-ACTION' });
  expect(await put(first)).toBe(201);
  const own = first
    .replace('SUMMARY', 'SEQUENCE:2\r\nLAST-MODIFIED:20261102T000000Z\r\nSUMMARY')
    .replace(
      'END:VEVENT',
      'BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT',
    );
  expect(await put(own)).toBe(204);
  expect([await inbox('bob'), await inbox('carol')]).toEqual([1, 1]);
  expect(await put(own.replace(':mailto:bob', ';SCHEDULE-FORCE-SEND=REQUEST:mailto:bob'))).toBe(204);
  expect([await inbox('bob'), await inbox('carol')]).toEqual([2, 1]);
  expect((await test.ask('GET', url)).text).not.toContain('FORCE-SEND');
  expect(await put(own.replace('SUMMARY:Meeting', 'SUMMARY:Later'))).toBe(204);
  expect([await inbox('bob'), await inbox('carol')]).toEqual([3, 2]);
});

it('notes on the copy of an attendee that the answer got through, and answers again when asked to', async () => {
  await using test = await startTestServer();
  await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION' }) });
  const { href, text } = await only(test, 'bob', 'calendar');
  const accepted = text.replace('PARTSTAT=NEEDS-ACTION', 'PARTSTAT=ACCEPTED');
  const answer = await test.ask('PUT', href, { user: 'bob', body: accepted });
  expect([answer.status, answer.headers['etag']]).toEqual([204, undefined]);
  expect((await only(test, 'bob', 'calendar')).text).toMatch(/ORGANIZER;SCHEDULE-STATUS=1.2:/);
  expect((await members(test, 'alice', 'inbox')).length).toBe(1);
  await test.ask('PUT', href, { user: 'bob', body: accepted });
  expect((await members(test, 'alice', 'inbox')).length).toBe(1);
  await test.ask('PUT', href, {
    user: 'bob',
    body: accepted.replace('ORGANIZER', 'ORGANIZER;SCHEDULE-FORCE-SEND=REPLY'),
  });
  expect((await members(test, 'alice', 'inbox')).length).toBe(2);
  for (const line of [/ATTENDEE[^\r]*bob[^\r]*\r\n/, /ORGANIZER[^\r]*\r\n/]) {
    const left = await test.ask('PUT', href, { user: 'bob', body: accepted.replace(line, '') });
    expect([left.status, condition(left)]).toEqual([403, 'allowed-attendee-scheduling-object-change']);
  }
});

it('asks again who had agreed to another time, and keeps to itself who delivers', async () => {
  await using test = await startTestServer();
  const agreed = meeting('m', { bob: 'ACCEPTED', carol: 'DECLINED;SCHEDULE-AGENT=CLIENT' });
  await test.ask('PUT', url, { body: agreed });
  // Nobody agrees for others.
  expect((await only(test, 'bob', 'calendar')).text).toMatch(/PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bob/);
  await answer(test, 'bob', 'ACCEPTED');
  await test.ask('PUT', url, { body: agreed.replace('SUMMARY:Meeting', 'SUMMARY:Other') });
  expect((await only(test, 'bob', 'calendar')).text).toMatch(/PARTSTAT=ACCEPTED:mailto:bob/);
  await test.ask('PUT', url, { body: agreed.replace('DTSTART:20261201', 'DTSTART:20261202') });
  const { text } = await only(test, 'bob', 'calendar');
  expect(text).toMatch(/PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bob/);
  expect(text).not.toContain('SCHEDULE-AGENT');
  const mine = (await test.ask('GET', url)).text.replaceAll('\r\n ', '');
  expect(mine).toMatch(/SCHEDULE-AGENT=CLIENT/);
  expect(mine).toMatch(/PARTSTAT=ACCEPTED:mailto:alice/);
  expect(await members(test, 'carol', 'calendar')).toEqual([]);
});

it('takes an instance from the attendee who is not invited to it', async () => {
  await using test = await startTestServer();
  const rule = ['RRULE:FREQ=DAILY;COUNT=3', 'DURATION:PT1H'];
  const whole = meeting('m', { bob: 'NEEDS-ACTION' }, rule);
  const alone = meeting('m', {}, ['RECURRENCE-ID:20261202T090000Z', 'DURATION:PT1H'])
    .replace('DTSTART:20261201', 'DTSTART:20261202')
    .match(/BEGIN:VEVENT.*END:VEVENT\r\n/s)?.[0];
  await test.ask('PUT', url, { body: whole.replace('END:VCALENDAR', `${alone}END:VCALENDAR`) });
  const { text } = await only(test, 'bob', 'calendar');
  expect(text).toContain('EXDATE:20261202T090000Z');
  expect(text.match(/BEGIN:VEVENT/g)?.length).toBe(1);
});

it('calls meetings off with the calendar that holds them, and with the organiser who leaves them', async () => {
  await using test = await startTestServer();
  await test.ask('MKCALENDAR', '/calendars/alice/work/');
  await test.ask('PUT', '/calendars/alice/work/m.ics', { body: meeting('m', { bob: 'NEEDS-ACTION' }) });
  expect((await test.ask('DELETE', '/calendars/alice/work/')).status).toBe(204);
  expect((await only(test, 'bob', 'calendar')).text).toContain('STATUS:CANCELLED');
  await test.ask('PUT', url, { body: meeting('n', { carol: 'NEEDS-ACTION' }) });
  await test.ask('PUT', url, { body: event('n') });
  expect((await only(test, 'carol', 'calendar')).text).toContain('STATUS:CANCELLED');
});

it('names what is wrong with a message to an outbox', async () => {
  await using test = await startTestServer();
  const lines = (...inner: string[]): string =>
    ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//t//EN', ...inner, 'END:VCALENDAR', ''].join('\r\n');
  const busy = [
    'BEGIN:VFREEBUSY',
    'UID:f',
    'DTSTAMP:20261101T000000Z',
    'DTSTART:20261201T000000Z',
    'DTEND:20261202T000000Z',
    `ORGANIZER:${address('alice')}`,
    `ATTENDEE:${address('bob')}`,
    'END:VFREEBUSY',
  ];
  const whole = lines('METHOD:REQUEST', ...busy);
  const refusals = async (path: string, type: string, body: string) => {
    const reply = await test.ask('POST', path, { headers: { 'content-type': type }, body });
    return [reply.status, reply.status === 200 ? '' : condition(reply)];
  };
  const outbox = '/calendars/alice/outbox/';
  const calendar = 'text/calendar; charset=utf-8';
  expect(await refusals(outbox, calendar, whole)).toEqual([200, '']);
  expect(await refusals('/calendars/alice/inbox/', calendar, whole)).toEqual([403, 'supported-collection']);
  expect(await refusals(outbox, 'text/xml', whole)).toEqual([403, 'supported-calendar-data']);
  expect(await refusals(outbox, calendar, 'nonsense')).toEqual([403, 'valid-calendar-data']);
  for (const wrong of [
    lines(...busy),
    lines('METHOD:REQUEST', ...busy, ...busy),
    whole.replace(/DTEND[^\r]*\r\n/, ''),
    whole.replace(/ATTENDEE[^\r]*\r\n/, ''),
    meeting('m', { bob: 'NEEDS-ACTION' }).replace('VERSION', 'METHOD:REQUEST\r\nVERSION'),
  ]) {
    expect(await refusals(outbox, calendar, wrong)).toEqual([400, 'valid-scheduling-message']);
  }
  const other = whole.replace(`ORGANIZER:${address('alice')}`, `ORGANIZER:${address('bob')}`);
  expect(await refusals(outbox, calendar, other)).toEqual([403, 'valid-organizer']);
});

it('takes invitations into the calendar that the inbox names, which must be one', async () => {
  await using test = await startTestServer();
  const name = async (path: string) =>
    test.ask('PROPPATCH', '/calendars/bob/inbox/', {
      user: 'bob',
      body: xml(
        `<D:propertyupdate><D:set><D:prop><C:schedule-default-calendar-URL><D:href>${path}</D:href></C:schedule-default-calendar-URL></D:prop></D:set></D:propertyupdate>`,
      ),
    });
  for (const path of ['/calendars/bob/nothing/', '/calendars/alice/calendar/', '']) {
    expect((await name(path)).text).toContain('valid-schedule-default-calendar-URL');
  }
  await test.ask('MKCALENDAR', '/calendars/bob/work/', { user: 'bob' });
  expect((await name('/calendars/bob/work/')).text).toContain('200 OK');
  await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION' }) });
  expect((await members(test, 'bob', 'work')).length).toBe(1);
});

it('answers a schedule tag that has passed with what is there, when that is preferred', async () => {
  await using test = await startTestServer();
  await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION' }) });
  const headers = { 'if-schedule-tag-match': '"old"', prefer: 'return=representation' };
  const late = await test.ask('PUT', url, { headers, body: meeting('m', { bob: 'ACCEPTED' }) });
  expect([late.status, late.headers['content-location']]).toEqual([412, url]);
  expect(late.text).toContain('BEGIN:VCALENDAR');
});

it('takes tasks that are given to somebody into the list of tasks', async () => {
  await using test = await startTestServer();
  const task = meeting('t', { bob: 'NEEDS-ACTION' }).replaceAll('VEVENT', 'VTODO');
  expect((await test.ask('PUT', '/calendars/alice/tasks/t.ics', { body: task })).status).toBe(201);
  expect((await only(test, 'bob', 'tasks')).text).toContain('BEGIN:VTODO');
  expect(await members(test, 'bob', 'calendar')).toEqual([]);
});
