import { describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './harness.ts';
import { address, answer, meeting, members, only } from './meetings.ts';

/** Single instances of recurring meetings (RFC 6638 sections 3.2.1.2, 3.2.2.3, 3.2.6 and 4). */

const url = '/calendars/alice/calendar/m.ics';
const rule = ['RRULE:FREQ=DAILY;COUNT=5', 'DURATION:PT1H'];
const whole = (attendees: Record<string, string>, more: string[] = []): string =>
  meeting('m', attendees, [...rule, ...more]);

/** A component for the instance on a day of December, put beside others. */
const withInstance = (
  calendar: string,
  day: number,
  attendees: Record<string, string>,
  more: string[] = [],
) => {
  const time = `202612${String(day).padStart(2, '0')}T090000Z`;
  const instance = meeting('m', attendees, [`RECURRENCE-ID:${time}`, 'DURATION:PT1H', ...more])
    .replace(/DTSTART:.*/, `DTSTART:${time}`)
    .match(/BEGIN:VEVENT.*END:VEVENT\r\n/s)?.[0];
  return calendar.replace('END:VCALENDAR', `${instance}END:VCALENDAR`);
};

/** The components of a calendar by their RECURRENCE-ID. */
const componentsIn = (text: string): Map<string, string> =>
  new Map(
    [...text.replaceAll('\r\n ', '').matchAll(/BEGIN:VEVENT.*?END:VEVENT/gs)].map(([component]) => [
      /RECURRENCE-ID[^:]*:(.*)/.exec(component)?.[1]?.trim() ?? '',
      component,
    ]),
  );

const partstat = (component: string | undefined, user: string): string | undefined =>
  new RegExp(`PARTSTAT=([A-Z-]+)[^\\r]*:${address(user)}`).exec(component ?? '')?.[1];

const put = async (test: TestServer, body: string): Promise<void> => {
  expect((await test.ask('PUT', url, { body })).status).toBeLessThan(300);
};

const inbox = async (test: TestServer, user: string): Promise<string[]> =>
  Promise.all(
    (await members(test, user, 'inbox')).map(async (href) =>
      (await test.ask('GET', href, { user })).text.replaceAll('\r\n ', ''),
    ),
  );

const emptyInbox = async (test: TestServer, user: string): Promise<void> => {
  for (const href of await members(test, user, 'inbox')) await test.ask('DELETE', href, { user });
};

const copyOf = async (test: TestServer, user: string) =>
  componentsIn((await only(test, user, 'calendar')).text);
const organizers = async (test: TestServer) => componentsIn((await test.ask('GET', url)).text);
const second = '20261202T090000Z';

describe('what the organiser changes', () => {
  it('asks again for an instance that comes back (RFC 6638 section 3.2.8)', async () => {
    await using test = await startTestServer();
    await put(test, whole({ bob: 'NEEDS-ACTION' }, [`EXDATE:${second}`]));
    await answer(test, 'bob', 'ACCEPTED');
    await put(test, whole({ bob: 'ACCEPTED' }));
    for (const copy of [await organizers(test), await copyOf(test, 'bob')])
      expect([partstat(copy.get(''), 'bob'), partstat(copy.get(second), 'bob')]).toEqual([
        'ACCEPTED',
        'NEEDS-ACTION',
      ]);
  });

  it('cancels an instance for those invited to it', async () => {
    await using test = await startTestServer();
    await put(test, whole({ bob: 'NEEDS-ACTION' }));
    await emptyInbox(test, 'bob');
    await put(test, whole({ bob: 'NEEDS-ACTION' }, [`EXDATE:${second}`]));
    const cancel = (await inbox(test, 'bob')).find((text) => text.includes('METHOD:CANCEL'));
    expect(cancel).toContain(`RECURRENCE-ID:${second}`);
    expect(cancel).toContain('SEQUENCE:1');
    expect(cancel).not.toContain('RRULE');
    const copy = await copyOf(test, 'bob');
    expect(copy.get(second)).toContain('STATUS:CANCELLED');
    expect(copy.get('')).not.toContain('STATUS:CANCELLED');
  });

  it('cancels an instance for the one attendee who is dropped from it', async () => {
    await using test = await startTestServer();
    const both = { bob: 'NEEDS-ACTION', carol: 'NEEDS-ACTION' };
    await put(test, whole(both));
    await emptyInbox(test, 'bob');
    await put(test, withInstance(whole(both), 2, { carol: 'NEEDS-ACTION' }));
    const [cancel] = await inbox(test, 'bob');
    expect(cancel).toContain('METHOD:CANCEL');
    // Only an event that is off for everybody says so (RFC 5546 section 3.2.5).
    expect(cancel).not.toContain('STATUS:CANCELLED');
    expect((await copyOf(test, 'bob')).get(second)).toContain('STATUS:CANCELLED');
    expect((await copyOf(test, 'carol')).get(second)).not.toContain('STATUS');
  });

  it('shows who is invited to one instance that instance alone', async () => {
    await using test = await startTestServer();
    await put(test, whole({ bob: 'NEEDS-ACTION' }));
    await emptyInbox(test, 'bob');
    await put(
      test,
      withInstance(whole({ bob: 'NEEDS-ACTION' }), 2, { bob: 'NEEDS-ACTION', carol: 'NEEDS-ACTION' }),
    );
    expect([...(await copyOf(test, 'carol')).keys()]).toEqual([second]);
    const [request] = await inbox(test, 'bob');
    expect([...componentsIn(request ?? '').keys()]).toEqual([second]);
    expect([...(await copyOf(test, 'bob')).keys()]).toEqual(['', second]);
  });

  it('calls an instance off that is marked so, with one message', async () => {
    await using test = await startTestServer();
    const moved = withInstance(whole({ bob: 'NEEDS-ACTION' }), 2, { bob: 'NEEDS-ACTION' }, ['LOCATION:Here']);
    await put(test, moved);
    await emptyInbox(test, 'bob');
    await put(test, moved.replace('LOCATION:Here', 'LOCATION:Here\r\nSTATUS:CANCELLED'));
    const messages = await inbox(test, 'bob');
    expect(messages.map((text) => /METHOD:(\w+)/.exec(text)?.[1])).toEqual(['CANCEL']);
    expect(messages[0]).toContain('STATUS:CANCELLED');
  });

  it('asks again about instances that move or are new, and not about those that end', async () => {
    await using test = await startTestServer();
    await put(test, whole({ bob: 'NEEDS-ACTION' }));
    await answer(test, 'bob', 'ACCEPTED');
    const agreed = whole({ bob: 'ACCEPTED' });
    await put(test, agreed.replace('COUNT=5', 'COUNT=3'));
    expect(partstat((await copyOf(test, 'bob')).get(''), 'bob')).toBe('ACCEPTED');
    await put(test, agreed.replace('COUNT=5', 'COUNT=3').replace('DURATION:PT1H', 'DURATION:PT2H'));
    expect(partstat((await copyOf(test, 'bob')).get(''), 'bob')).toBe('NEEDS-ACTION');
    await answer(test, 'bob', 'ACCEPTED');
    await put(test, agreed.replace('COUNT=5', 'COUNT=8').replace('DURATION:PT1H', 'DURATION:PT2H'));
    expect(partstat((await organizers(test)).get(''), 'bob')).toBe('NEEDS-ACTION');
  });
});

describe('what an attendee changes', () => {
  it('answers for one instance alone', async () => {
    await using test = await startTestServer();
    await put(test, whole({ bob: 'NEEDS-ACTION' }));
    await answer(test, 'bob', 'ACCEPTED');
    await emptyInbox(test, 'alice');
    const { href, text } = await only(test, 'bob', 'calendar');
    const body = withInstance(text, 2, { bob: 'DECLINED' });
    expect((await test.ask('PUT', href, { user: 'bob', body })).status).toBe(204);
    const [reply] = await inbox(test, 'alice');
    expect([...componentsIn(reply ?? '').keys()]).toEqual([second]);
    const event = await organizers(test);
    expect(partstat(event.get(second), 'bob')).toBe('DECLINED');
    expect(partstat(event.get(''), 'bob')).toBe('ACCEPTED');
    expect(event.get(second)).toContain(`DTSTART:${second}`);
  });

  it('declines an instance by an EXDATE, and does not see it again', async () => {
    await using test = await startTestServer();
    await put(test, whole({ bob: 'NEEDS-ACTION', carol: 'NEEDS-ACTION' }));
    await answer(test, 'bob', 'ACCEPTED');
    await emptyInbox(test, 'alice');
    const { href, text } = await only(test, 'bob', 'calendar');
    const body = text.replace('RRULE', `EXDATE:${second}\r\nRRULE`);
    expect((await test.ask('PUT', href, { user: 'bob', body })).status).toBe(204);
    const [reply] = await inbox(test, 'alice');
    expect([...componentsIn(reply ?? '').keys()]).toEqual([second]);
    expect(partstat((await organizers(test)).get(second), 'bob')).toBe('DECLINED');
    const mine = (await test.ask('GET', url)).text.replaceAll('SUMMARY:Meeting', 'SUMMARY:Other');
    await put(test, mine);
    const copy = await copyOf(test, 'bob');
    expect([...copy.keys()]).toEqual(['']);
    expect(copy.get('')).toContain(`EXDATE:${second}`);
    expect(copy.get('')).toContain('SUMMARY:Other');
  });

  it('keeps an instance that a client leaves out without saying that it is removed', async () => {
    await using test = await startTestServer();
    const two = withInstance(whole({ bob: 'NEEDS-ACTION' }), 2, { bob: 'NEEDS-ACTION' }, ['LOCATION:Here']);
    await put(test, two);
    const { href, text } = await only(test, 'bob', 'calendar');
    const body = text
      .replace(/BEGIN:VEVENT(?:(?!BEGIN:VEVENT).)*RECURRENCE-ID.*?END:VEVENT\r\n/s, '')
      .replace('PARTSTAT=NEEDS-ACTION', 'PARTSTAT=ACCEPTED');
    expect(body.match(/BEGIN:VEVENT/g)).toHaveLength(1);
    expect((await test.ask('PUT', href, { user: 'bob', body })).status).toBe(204);
    expect((await copyOf(test, 'bob')).get(second)).toContain('LOCATION:Here');
    expect(partstat((await organizers(test)).get(''), 'bob')).toBe('ACCEPTED');
  });

  it('takes the one instance that a client stores as a whole event for that instance', async () => {
    await using test = await startTestServer();
    await put(test, withInstance(whole({}), 2, { bob: 'NEEDS-ACTION' }));
    const { href, text } = await only(test, 'bob', 'calendar');
    const body = text
      .replace(/RECURRENCE-ID.*\r\n/, '')
      .replace('PARTSTAT=NEEDS-ACTION', 'PARTSTAT=ACCEPTED');
    expect((await test.ask('PUT', href, { user: 'bob', body })).status).toBe(204);
    expect([...(await copyOf(test, 'bob')).keys()]).toEqual([second]);
    expect(partstat((await organizers(test)).get(second), 'bob')).toBe('ACCEPTED');
  });
});
