import { describe, expect, it } from 'vitest';
import { card, condition, event, parts, propfindBody, startTestServer, xml } from './harness.ts';

const calendar = '/calendars/alice/calendar/';
const book = '/addressbooks/alice/addressbook/';

describe('what is PUT', () => {
  it('is refused with the precondition that it breaks', async () => {
    await using test = await startTestServer({
      limits: { maxResourceBytes: 4000, maxAttendees: 2, maxInstances: 30 },
    });
    const two = event('a').replace('END:VCALENDAR', 'BEGIN:VTODO\r\nUID:a\r\nEND:VTODO\r\nEND:VCALENDAR');
    const uids = event('a').replace(
      'END:VCALENDAR',
      'BEGIN:VEVENT\r\nUID:b\r\nDTSTART:20270101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR',
    );
    const cases: [string, string, string][] = [
      ['not a calendar', 'text/calendar', 'valid-calendar-data'],
      [event('a'), 'text/plain', 'supported-calendar-data'],
      [event('a').replace('VERSION:2.0', 'VERSION:1.0'), 'text/calendar', 'supported-calendar-data'],
      [two, 'text/calendar', 'valid-calendar-object-resource'],
      [uids, 'text/calendar', 'valid-calendar-object-resource'],
      [
        event('a').replace('BEGIN:VEVENT', 'METHOD:PUBLISH\r\nBEGIN:VEVENT'),
        'text/calendar',
        'valid-calendar-object-resource',
      ],
      [event('a', [`X-LONG:${'x'.repeat(5000)}`]), 'text/calendar', 'max-resource-size'],
      [event('a', [], 'DTSTART:18000101T000000Z'), 'text/calendar', 'min-date-time'],
      [event('a', [], 'DTSTART:25000101T000000Z'), 'text/calendar', 'max-date-time'],
      [
        event('a', ['ATTENDEE:mailto:a', 'ATTENDEE:mailto:b', 'ATTENDEE:mailto:c']),
        'text/calendar',
        'max-attendees-per-instance',
      ],
      [event('a', ['RRULE:FREQ=NEVER']), 'text/calendar', 'valid-calendar-data'],
      [event('a', ['LOCATION:bell \u0007']), 'text/calendar', 'valid-calendar-data'],
      [event('a', [], 'DTSTART;TZID=Nowhere/Known:20270101T000000'), 'text/calendar', 'valid-timezone'],
      [event('a', ['RRULE:FREQ=DAILY;COUNT=31']), 'text/calendar', 'max-instances'],
    ];
    for (const [body, type, name] of cases) {
      const reply = await test.ask('PUT', `${calendar}a.ics`, { headers: { 'content-type': type }, body });
      expect([name, reply.status, condition(reply)]).toEqual([name, 403, name]);
    }
    await test.ask('MKCALENDAR', '/calendars/alice/todo/', {
      body: xml(
        '<C:mkcalendar><D:set><D:prop><C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>',
      ),
    });
    expect(condition(await test.ask('PUT', '/calendars/alice/todo/a.ics', { body: event('a') }))).toBe(
      'supported-calendar-component',
    );
    await test.ask('PUT', `${calendar}a.ics`, { body: event('a') });
    const known = event('z', ['RRULE:FREQ=DAILY;COUNT=30'], 'DTSTART;TZID=Europe/Paris:20270101T000000');
    expect((await test.ask('PUT', `${calendar}z.ics`, { body: known })).status).toBe(201);
    for (const length of ['PT200000000000H', 'P99999999999999999D']) {
      const long = event('x', [`DURATION:${length}`, 'RRULE:FREQ=DAILY;COUNT=2']);
      for (const body of [long, event('x', [`DURATION:${length}`])]) {
        const status = (await test.ask('PUT', `${calendar}x.ics`, { body })).status;
        expect([201, 204]).toContain(status);
      }
      expect((await test.ask('GET', `${calendar}x.ics`)).status).toBe(200);
      expect((await test.ask('DELETE', `${calendar}x.ics`)).status).toBe(204);
    }
    const endless = event('y', ['RRULE:FREQ=DAILY']);
    expect((await test.ask('PUT', `${calendar}y.ics`, { body: endless })).status).toBe(201);
    const conflict = await test.ask('PUT', `${calendar}b.ics`, { body: event('a') });
    expect([condition(conflict), conflict.text]).toEqual([
      'no-uid-conflict',
      expect.stringContaining(`<D:href>${calendar}a.ics</D:href>`),
    ]);
    expect(condition(await test.ask('PUT', `${book}a.vcf`, { body: 'x' }))).toBe('valid-address-data');
    await test.ask('PUT', `${book}a.vcf`, { body: card('a') });
    expect(condition(await test.ask('PUT', `${book}b.vcf`, { body: card('a') }))).toBe('no-uid-conflict');
  });

  it('comes back byte by byte under any name, with conditions that hold', async () => {
    await using test = await startTestServer();
    const odd = event('odd', ['X-ODD: spaces  and\ttabs', 'DESCRIPTION:ünïcödé 😀\\n']).replaceAll(
      '\r\n',
      '\n',
    );
    const path = `${calendar}${encodeURIComponent('zwölf & <drei>.ics')}`;
    const put = await test.ask('PUT', path, { headers: { 'if-none-match': '*' }, body: odd });
    expect(put.status).toBe(201);
    const got = await test.ask('GET', path);
    expect([got.text, got.headers['etag']]).toEqual([odd, put.headers['etag']]);
    const etag = String(put.headers['etag']);
    expect((await test.ask('GET', path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await test.ask('PUT', path, { headers: { 'if-none-match': '*' }, body: odd })).status).toBe(412);
    expect((await test.ask('PUT', path, { headers: { 'if-match': '"other"' }, body: odd })).status).toBe(412);
    expect((await test.ask('DELETE', path, { headers: { 'if-match': '"other"' } })).status).toBe(412);
    expect(
      (
        await test.ask('DELETE', path, {
          headers: { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
        })
      ).status,
    ).toBe(412);
    const listing = await test.ask('PROPFIND', calendar, {
      headers: { depth: '1' },
      body: propfindBody('D:getetag'),
    });
    expect(parts(listing)[1]?.found.get('getetag')?.text).toBe(etag);
    const again = await test.ask('GET', parts(listing)[1]?.href ?? '');
    expect(again.text).toBe(odd);
    const shown = await test.ask('PUT', path, {
      headers: { prefer: 'return=representation', 'if-match': '"old"' },
      body: odd,
    });
    expect([shown.status, shown.text, shown.headers['etag']]).toEqual([412, odd, etag]);
    expect((await test.ask('DELETE', path, { headers: { 'if-match': etag } })).status).toBe(204);
  });
});
