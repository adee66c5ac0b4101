import { describe, expect, it } from 'vitest';
import { condition, event, propfindBody, parts, startTestServer, xml, type TestServer } from './harness.ts';
import { address, answer, meeting, members, only } from './meetings.ts';

const url = '/calendars/alice/calendar/m.ics';
const unfolded = (text: string): string => text.replaceAll('\r\n ', '');
const mine = async (test: TestServer): Promise<string> => unfolded((await test.ask('GET', url)).text);
const messages = async (test: TestServer, user: string): Promise<string[]> =>
  Promise.all(
    (await members(test, user, 'inbox')).map(async (href) =>
      unfolded((await test.ask('GET', href, { user })).text),
    ),
  );
const methods = async (test: TestServer, user: string): Promise<string[]> =>
  (await messages(test, user)).map((text) => /METHOD:(\w+)/.exec(text)?.[1] ?? '');

describe('SCHEDULE-AGENT (RFC 6638 section 3.2.1.2)', () => {
  const agents = ['SERVER', 'CLIENT', 'NONE', 'X-OTHER', 'removed'] as const;
  const body = (agent: string): string =>
    agent === 'removed'
      ? meeting('m', { carol: 'NEEDS-ACTION' })
      : meeting('m', { carol: 'NEEDS-ACTION', bob: `NEEDS-ACTION;SCHEDULE-AGENT=${agent}` });
  const expected = (from: string, to: string): string[] => {
    if (from === 'SERVER') return to === 'SERVER' ? [] : ['CANCEL'];
    return to === 'SERVER' ? ['REQUEST'] : [];
  };
  for (const from of agents) {
    for (const to of agents) {
      it(`from ${from} to ${to} sends ${expected(from, to).join() || 'nothing'}`, async () => {
        await using test = await startTestServer();
        await test.ask('PUT', url, { body: body(from) });
        const before = (await methods(test, 'bob')).length;
        expect((await test.ask('PUT', url, { body: body(to) })).status).toBe(204);
        expect((await methods(test, 'bob')).slice(before)).toEqual(expected(from, to));
      });
    }
  }
});

describe('SEQUENCE, DTSTAMP and SCHEDULE-STATUS', () => {
  it('raises SEQUENCE with what attendees are told, dates messages, and keeps it from going back', async () => {
    await using test = await startTestServer();
    await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION' }) });
    await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION' }, ['LOCATION:Here']) });
    expect(await mine(test)).toContain('SEQUENCE:1');
    expect((await only(test, 'bob', 'calendar')).text).toContain('SEQUENCE:1');
    await test.ask('PUT', url, {
      body: meeting('m', { bob: 'NEEDS-ACTION' }, ['LOCATION:Here', 'SEQUENCE:0']),
    });
    expect(await mine(test)).toContain('SEQUENCE:1');
    await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION' }, ['SEQUENCE:7']) });
    expect(await mine(test)).toContain('SEQUENCE:7');
    for (const text of await messages(test, 'bob')) expect(text).not.toContain('DTSTAMP:20261101T000000Z');
    await test.ask('DELETE', url);
    const last = (await messages(test, 'bob')).find((text) => text.includes('METHOD:CANCEL'));
    expect(Number(/SEQUENCE:(\d+)/.exec(last ?? '')?.[1])).toBeGreaterThan(7);
  });

  it('notes a delivery on those alone who were sent something', async () => {
    await using test = await startTestServer();
    await test.ask('PUT', url, {
      body: meeting('m', { bob: 'NEEDS-ACTION', carol: 'NEEDS-ACTION;SCHEDULE-AGENT=NONE' }),
    });
    const text = await mine(test);
    expect(text).toMatch(/SCHEDULE-STATUS=1.2[^\r]*:mailto:bob/);
    expect(text).not.toMatch(/SCHEDULE-STATUS[^\r]*:mailto:(?:carol|alice)/);
    await answer(test, 'bob', 'ACCEPTED');
    expect(await mine(test)).toMatch(/SCHEDULE-STATUS=2.0[^\r]*:mailto:bob/);
  });

  it('tells of a SCHEDULE-FORCE-SEND that it does not know', async () => {
    await using test = await startTestServer();
    await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION;SCHEDULE-FORCE-SEND=COUNTER' }) });
    expect(await mine(test)).toMatch(/SCHEDULE-STATUS=2.3[^\r]*:mailto:bob/);
  });
});

describe('answers', () => {
  it('are kept when the organiser stores an older version by its schedule tag', async () => {
    await using test = await startTestServer();
    const first = meeting('m', { bob: 'NEEDS-ACTION', carol: 'NEEDS-ACTION' });
    const { headers } = await test.ask('PUT', url, { body: first });
    await answer(test, 'bob', 'ACCEPTED');
    const late = { 'if-schedule-tag-match': String(headers['schedule-tag']) };
    const body = first.replace('SUMMARY:Meeting', 'SUMMARY:Other');
    expect((await test.ask('PUT', url, { headers: late, body })).status).toBe(204);
    expect(await mine(test)).toMatch(/PARTSTAT=ACCEPTED[^\r]*:mailto:bob/);
  });

  it('keep their delivery status where the organiser stores an older one by the schedule tag', async () => {
    await using test = await startTestServer();
    const { headers } = await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION' }) });
    const first = await mine(test);
    expect(first).toMatch(/SCHEDULE-STATUS=1.2[^\r]*:mailto:bob/);
    await answer(test, 'bob', 'ACCEPTED');
    const late = { 'if-schedule-tag-match': String(headers['schedule-tag']) };
    const body = first.replace('DTSTAMP:20261101T000000Z', 'DTSTAMP:20261102T000000Z');
    expect((await test.ask('PUT', url, { headers: late, body })).status).toBe(204);
    expect(await mine(test)).toMatch(/PARTSTAT=ACCEPTED;SCHEDULE-STATUS=2.0[^\r]*:mailto:bob/);
  });

  it('count for instances that the attendee does not know yet, by the schedule tag', async () => {
    await using test = await startTestServer();
    const body = meeting('m', { bob: 'NEEDS-ACTION', carol: 'NEEDS-ACTION' }, ['RRULE:FREQ=DAILY;COUNT=5']);
    await test.ask('PUT', url, { body });
    const known = await only(test, 'bob', 'calendar');
    const tag = (await test.ask('GET', known.href, { user: 'bob' })).headers['schedule-tag'];
    const carols = await only(test, 'carol', 'calendar');
    const instance = /BEGIN:VEVENT[^]*END:VEVENT\r\n/
      .exec(carols.text)?.[0]
      .replace(/RRULE.*\r\n/, '')
      .replace('DTSTART:20261201', 'RECURRENCE-ID:20261202T090000Z\r\nDTSTART:20261202')
      .replace(/PARTSTAT=[A-Z-]+([^\r]*:mailto:carol)/, 'PARTSTAT=DECLINED$1');
    const declined = carols.text.replace('END:VCALENDAR', `${instance}END:VCALENDAR`);
    expect((await test.ask('PUT', carols.href, { user: 'carol', body: declined })).status).toBe(204);
    await expect
      .poll(async () => (await only(test, 'bob', 'calendar')).text, { timeout: 20_000 })
      .toContain('RECURRENCE-ID');
    const accepted = known.text.replace(/PARTSTAT=[A-Z-]+([^\r]*:mailto:bob)/, 'PARTSTAT=ACCEPTED$1');
    const headers = { 'if-schedule-tag-match': String(tag) };
    expect((await test.ask('PUT', known.href, { user: 'bob', headers, body: accepted })).status).toBe(204);
    const { text } = await only(test, 'bob', 'calendar');
    for (const copy of [text, await mine(test)])
      expect(
        [...copy.matchAll(/ATTENDEE[^\r]*PARTSTAT=([A-Z-]+)[^\r]*:mailto:bob/g)].map(([, of]) => of),
      ).toEqual(['ACCEPTED', 'ACCEPTED']);
    expect(text).not.toContain('TRANSPARENT');
  });

  it('pass where a client names somebody twice', async () => {
    await using test = await startTestServer();
    await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION' }) });
    const { href, text } = await only(test, 'bob', 'calendar');
    const accepted = text.replace('PARTSTAT=NEEDS-ACTION', 'PARTSTAT=ACCEPTED');
    const body = accepted.replace(/(ATTENDEE[^\r]*:mailto:bob[^\r]*\r\n)/, '$1$1');
    expect((await test.ask('PUT', href, { user: 'bob', body })).status).toBe(204);
    expect((await only(test, 'bob', 'calendar')).text.match(/:mailto:bob/g)).toHaveLength(1);
    expect(await mine(test)).toMatch(/PARTSTAT=ACCEPTED[^\r]*:mailto:bob/);
  });

  it('are not given by others: by the organiser no, by another attendee no', async () => {
    await using test = await startTestServer();
    await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION', carol: 'NEEDS-ACTION' }) });
    await test.ask('PUT', url, { body: meeting('m', { bob: 'ACCEPTED', carol: 'NEEDS-ACTION' }) });
    expect(await mine(test)).toMatch(/PARTSTAT=NEEDS-ACTION[^\r]*:mailto:bob/);
    const { href, text } = await only(test, 'bob', 'calendar');
    const body = text.replaceAll('PARTSTAT=NEEDS-ACTION', 'PARTSTAT=DECLINED');
    await test.ask('PUT', href, { user: 'bob', body });
    expect(await mine(test)).toMatch(/PARTSTAT=DECLINED[^\r]*:mailto:bob/);
    expect(await mine(test)).toMatch(/PARTSTAT=NEEDS-ACTION[^\r]*:mailto:carol/);
    expect((await only(test, 'bob', 'calendar')).text).toMatch(/PARTSTAT=NEEDS-ACTION[^\r]*:mailto:carol/);
  });

  it('make busy, which questions do not', async () => {
    await using test = await startTestServer();
    const busy = async (): Promise<string> => {
      const range = '<C:time-range start="20261201T000000Z" end="20261202T000000Z"/>';
      const body = xml(`<C:free-busy-query>${range}</C:free-busy-query>`);
      return (
        await test.ask('REPORT', '/calendars/bob/calendar/', { user: 'bob', headers: { depth: '1' }, body })
      ).text;
    };
    await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION' }, ['DURATION:PT1H']) });
    expect(await busy()).not.toContain('FREEBUSY;');
    await answer(test, 'bob', 'ACCEPTED');
    expect(await busy()).toContain('FREEBUSY;FBTYPE=BUSY:20261201T090000Z/PT1H');
  });

  it('pass where a client writes the time of the meeting in another way', async () => {
    await using test = await startTestServer();
    await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION' }, ['DURATION:PT1H']) });
    const { href, text } = await only(test, 'bob', 'calendar');
    const body = text
      .replace('DURATION:PT1H', 'DTEND:20261201T100000Z')
      .replace('PARTSTAT=NEEDS-ACTION', 'PARTSTAT=ACCEPTED');
    expect((await test.ask('PUT', href, { user: 'bob', body })).status).toBe(204);
    expect((await only(test, 'bob', 'calendar')).text).toContain('DURATION:PT1H');
    for (const wrong of ['DTEND:20261201T103000Z', 'DTEND;TZID=Europe/Vienna:20261201T100000']) {
      const longer = text.replace('DURATION:PT1H', wrong);
      const refused = await test.ask('PUT', href, { user: 'bob', body: longer });
      expect([refused.status, condition(refused)]).toEqual([
        403,
        'allowed-attendee-scheduling-object-change',
      ]);
    }
  });
});

describe('what is kept apart', () => {
  it("an event of one's own from an invitation with its UID, and an event from another organiser", async () => {
    await using test = await startTestServer();
    const own = '/calendars/bob/calendar/own.ics';
    await test.ask('PUT', own, { user: 'bob', body: event('m', ['DESCRIPTION:private']) });
    await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION' }) });
    const held = await Promise.all(
      (await members(test, 'bob', 'calendar')).map(
        async (href) => (await test.ask('GET', href, { user: 'bob' })).text,
      ),
    );
    expect(
      held.filter((text) => text.includes('UID:m\r\n')).map((text) => text.includes('ORGANIZER')),
    ).toEqual([true]);
    expect(held.filter((text) => text.includes('DESCRIPTION:private'))).toHaveLength(1);
    const spoofed = meeting('m', { bob: 'NEEDS-ACTION' }).replaceAll(address('alice'), address('carol'));
    await test.ask('PUT', '/calendars/carol/calendar/m.ics', { user: 'carol', body: spoofed });
    const theirs = unfolded(
      (await test.ask('GET', '/calendars/carol/calendar/m.ics', { user: 'carol' })).text,
    );
    expect(theirs).toMatch(/SCHEDULE-STATUS=5.3[^\r]*:mailto:bob/);
    await test.ask('DELETE', '/calendars/carol/calendar/m.ics', { user: 'carol' });
    expect(await methods(test, 'bob')).toEqual(['REQUEST']);
  });

  it('what did not invite somebody from the one instance that does', async () => {
    await using test = await startTestServer();
    const path = '/calendars/bob/calendar/seen.ics';
    const series = meeting('m', { carol: 'NEEDS-ACTION' }, ['RRULE:FREQ=DAILY;COUNT=5']);
    await test.ask('PUT', url, { body: series });
    expect((await test.ask('PUT', path, { user: 'bob', body: series })).status).toBe(201);
    const [instance = ''] =
      /BEGIN:VEVENT[^]*END:VEVENT\r\n/.exec(meeting('m', { bob: 'NEEDS-ACTION', carol: 'NEEDS-ACTION' })) ??
      [];
    const override = instance.replace(
      'DTSTART:20261201',
      'RECURRENCE-ID:20261202T090000Z\r\nDTSTART:20261202',
    );
    const body = series.replace('END:VCALENDAR', `${override}END:VCALENDAR`);
    expect((await test.ask('PUT', url, { body })).status).toBe(204);
    const { href, text } = await only(test, 'bob', 'calendar');
    expect([href, text.match(/BEGIN:VEVENT/g)?.length]).toEqual([path, 1]);
    expect(text).toContain('RECURRENCE-ID:20261202T090000Z');
  });

  it('what is private to the organiser from what attendees get', async () => {
    await using test = await startTestServer();
    await test.ask('PUT', url, {
      body: meeting('m', { bob: 'NEEDS-ACTION' }, ['X-MOZ-LASTACK:20261101T000000Z', 'X-ALT-DESC:<p>x</p>']),
    });
    const { text } = await only(test, 'bob', 'calendar');
    expect(text).not.toContain('X-MOZ');
    expect(text).toContain('X-ALT-DESC');
    const told = (await methods(test, 'bob')).length;
    await test.ask('PUT', url, {
      body: meeting('m', { bob: 'NEEDS-ACTION' }, ['X-MOZ-LASTACK:20261102T000000Z']),
    });
    expect((await methods(test, 'bob')).length).toBe(told);
  });
});

describe('what is refused', () => {
  const refusal = async (test: TestServer, path: string, user: string, body: string) => {
    const reply = await test.ask('PUT', path, { user, body });
    return [reply.status, condition(reply)];
  };

  it('an invitation that the organiser knows nothing of', async () => {
    await using test = await startTestServer();
    const body = meeting('made-up', { bob: 'ACCEPTED' });
    const path = '/calendars/bob/calendar/x.ics';
    expect(await refusal(test, path, 'bob', body)).toEqual([
      403,
      'allowed-attendee-scheduling-object-change',
    ]);
    const byClient = body.replace('ORGANIZER:', 'ORGANIZER;SCHEDULE-AGENT=CLIENT:');
    expect((await test.ask('PUT', path, { user: 'bob', body: byClient })).status).toBe(201);
    expect(await refusal(test, path, 'bob', body)).toEqual([
      403,
      'allowed-attendee-scheduling-object-change',
    ]);
    await test.ask('DELETE', path, { user: 'bob' });
    await test.ask('PUT', url, { body: meeting('made-up', { bob: 'NEEDS-ACTION' }) });
    await test.ask('DELETE', (await only(test, 'bob', 'calendar')).href, {
      user: 'bob',
      headers: { 'schedule-reply': 'F' },
    });
    expect((await test.ask('PUT', path, { user: 'bob', body })).status).toBe(201);
    expect(await mine(test)).toMatch(/PARTSTAT=ACCEPTED[^\r]*:mailto:bob/);
  });

  it('attendees without an organiser, and instances without their event', async () => {
    await using test = await startTestServer();
    const body = meeting('m', { bob: 'NEEDS-ACTION' });
    await test.ask('PUT', url, { body });
    const named = [403, 'allowed-organizer-scheduling-object-change'];
    expect(await refusal(test, url, 'alice', body.replace(/ORGANIZER.*\r\n/, ''))).toEqual(named);
    const instance = meeting('n', { bob: 'NEEDS-ACTION' }, ['RECURRENCE-ID:20261201T090000Z']);
    expect(await refusal(test, '/calendars/alice/calendar/n.ics', 'alice', instance)).toEqual(named);
  });

  it('a second place for a meeting, by its path', async () => {
    await using test = await startTestServer();
    await test.ask('MKCALENDAR', '/calendars/alice/other/');
    await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION' }) });
    const reply = await test.ask('PUT', '/calendars/alice/other/m.ics', { body: meeting('m', {}) });
    expect(reply.text).toContain(`<D:href>${url}</D:href>`);
  });
});

describe('the default calendar (RFC 6638 section 4.3)', () => {
  const name = async (test: TestServer): Promise<string | undefined> => {
    const body = propfindBody('C:schedule-default-calendar-URL');
    const [inbox] = parts(
      await test.ask('PROPFIND', '/calendars/alice/inbox/', { headers: { depth: '0' }, body }),
    );
    return inbox?.found.get('schedule-default-calendar-URL')?.children[0]?.text;
  };

  it('is not removed, and is named by its path wherever it goes', async () => {
    await using test = await startTestServer();
    expect(await name(test)).toBe('/calendars/alice/calendar/');
    const refused = await test.ask('DELETE', '/calendars/alice/calendar/');
    expect([refused.status, condition(refused)]).toEqual([403, 'default-calendar-needed']);
    await test.ask('MOVE', '/calendars/alice/calendar/', {
      headers: { destination: '/calendars/alice/moved/' },
    });
    expect(await name(test)).toBe('/calendars/alice/moved/');
    await test.ask('MKCALENDAR', '/calendars/alice/work/');
    const body = xml(
      '<D:propertyupdate><D:set><D:prop><C:schedule-default-calendar-URL><D:href>/calendars/alice/work/</D:href></C:schedule-default-calendar-URL></D:prop></D:set></D:propertyupdate>',
    );
    await test.ask('PROPPATCH', '/calendars/alice/inbox/', { body });
    expect((await test.ask('DELETE', '/calendars/alice/moved/')).status).toBe(204);
    expect((await test.ask('DELETE', '/calendars/alice/work/')).status).toBe(403);
  });
});

it('tells the schedule tag of what COPY and MOVE leave behind', async () => {
  await using test = await startTestServer();
  await test.ask('MKCALENDAR', '/calendars/alice/other/');
  await test.ask('PUT', url, { body: meeting('m', { bob: 'NEEDS-ACTION' }) });
  const to = '/calendars/alice/other/m.ics';
  const moved = await test.ask('MOVE', url, { headers: { destination: to } });
  const { headers } = await test.ask('HEAD', to);
  expect(moved.headers['schedule-tag']).toBe(headers['schedule-tag']);
  expect(headers['schedule-tag']).toBeDefined();
});
