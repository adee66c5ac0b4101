import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodies, headers, method, mutated, path } from './arbitraries.ts';
import { card, event, startTestServer, xml, type TestServer } from './harness.ts';

const neverFails = async (test: TestServer, status: number): Promise<void> => {
  expect(status).toBeGreaterThanOrEqual(200);
  expect([500, 503]).not.toContain(status);
  expect((await test.ask('OPTIONS', '/', { user: '' })).status).toBe(200);
};

/** Properties of the server under generated and mutated input, each tried `runs` times. */
export const describeFuzz = (runs: number) =>
  describe('whatever a client sends', () => {
    it('answers requests of any method, path, headers and XML without failing', async () => {
      await using test = await startTestServer();
      await fc.assert(
        fc.asyncProperty(method, path, headers, mutated(bodies), async (verb, target, fields, body) => {
          const { status } = await test.ask(verb, encodeURI(target).replaceAll('%25', '%'), {
            headers: fields,
            ...(verb === 'GET' || verb === 'HEAD' ? {} : { body }),
          });
          await neverFails(test, status);
        }),
        { numRuns: runs },
      );
    });

    const recurring = (rule: string): string =>
      event('r', [
        'DURATION:PT1H',
        `RRULE:${rule}`,
        'EXDATE:20261202T090000Z',
        'BEGIN:VALARM',
        'TRIGGER:-PT15M',
        'ACTION:DISPLAY',
        'END:VALARM',
      ]);
    const rulePart = fc.constantFrom(
      'FREQ=DAILY',
      'FREQ=SECONDLY',
      'FREQ=MINUTELY',
      'FREQ=HOURLY',
      'FREQ=WEEKLY',
      'FREQ=MONTHLY',
      'FREQ=YEARLY',
      'BYMONTH=2',
      'BYMONTHDAY=30',
      'BYMONTHDAY=-1',
      'BYDAY=MO',
      'BYDAY=5FR',
      'BYDAY=-53SU',
      'BYSETPOS=-1',
      'BYSETPOS=366',
      'BYYEARDAY=366',
      'BYWEEKNO=53',
      'BYHOUR=3',
      'BYMINUTE=59',
      'BYSECOND=59',
      'COUNT=2000000000',
      'COUNT=0',
      'INTERVAL=0',
      'INTERVAL=1000000',
      'UNTIL=21260101T000000Z',
      'UNTIL=20261201',
      'WKST=SU',
      'X=Y',
    );
    const rule = fc
      .tuple(
        fc.constantFrom(
          'FREQ=DAILY',
          'FREQ=SECONDLY',
          'FREQ=MINUTELY',
          'FREQ=HOURLY',
          'FREQ=WEEKLY',
          'FREQ=MONTHLY',
          'FREQ=YEARLY',
        ),
        fc.array(rulePart, { maxLength: 4 }),
      )
      .map(([first, rest]) => [first, ...rest].join(';'));
    const query = xml(
      '<C:calendar-query><D:prop><C:calendar-data><C:expand start="20270201T000000Z" end="20270202T000000Z"/></C:calendar-data></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="20270201T000000Z" end="20270202T000000Z"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>',
    );

    const busy = xml('<C:free-busy-query><C:time-range start="20261101T000000Z"/></C:free-busy-query>');

    it('stores or refuses calendar objects with any recurrence rule, and expands them, in bounded work', async () => {
      await using test = await startTestServer();
      await fc.assert(
        fc.asyncProperty(rule, async (text) => {
          const { status } = await test.ask('PUT', '/calendars/alice/calendar/r.ics', {
            body: recurring(text),
          });
          expect([201, 204, 403]).toContain(status);
          const found = await test.ask('REPORT', '/calendars/alice/calendar/', {
            headers: { depth: '1' },
            body: query,
          });
          expect(found.status).toBe(207);
        }),
        { numRuns: 300 },
      );
    });

    it('stores or refuses mutated calendar objects and cards', async () => {
      await using test = await startTestServer();
      const objects = mutated([
        recurring('FREQ=WEEKLY;COUNT=10'),
        event('a', [
          'DTEND:20261201T100000Z',
          'ORGANIZER:mailto:alice@davpulse.invalid',
          'ATTENDEE:mailto:bob@davpulse.invalid',
        ]),
      ]);
      await fc.assert(
        fc.asyncProperty(
          objects,
          mutated([
            card('c', [
              'TEL;TYPE=HOME:1',
              'EMAIL:a@b.c',
              'PHOTO;ENCODING=b;TYPE=PNG:AAAA',
              'GEO:1;2',
              'BDAY:2000-01-02',
            ]),
            card('d', [
              'KIND:group',
              'TEL;VALUE=uri;PREF=1:tel:1',
              'ADR;LABEL="x":;;a;b;;;',
              'BDAY:--0102',
            ]).replace('VERSION:3.0', 'VERSION:4.0'),
          ]),
          async (calendar, contact) => {
            const first = await test.ask('PUT', '/calendars/alice/calendar/f.ics', { body: calendar });
            const second = await test.ask('PUT', '/addressbooks/alice/addressbook/f.vcf', { body: contact });
            expect([201, 204, 403]).toContain(first.status);
            expect([201, 204, 403]).toContain(second.status);
            if (first.status !== 403) {
              const ask = async (body: string) =>
                (await test.ask('REPORT', '/calendars/alice/calendar/', { body })).status;
              expect([await ask(query.replaceAll('20270201', '20261101')), await ask(busy)]).toEqual([
                207, 200,
              ]);
            }
            for (const version of second.status === 403 ? [] : ['3.0', '4.0']) {
              const accept = `text/vcard;version=${version}`;
              const told = await test.ask('GET', '/addressbooks/alice/addressbook/f.vcf', {
                headers: { accept },
              });
              expect(told.status).toBe(200);
            }
            await test.ask('DELETE', '/calendars/alice/calendar/f.ics');
            await test.ask('DELETE', '/addressbooks/alice/addressbook/f.vcf');
          },
        ),
        { numRuns: runs },
      );
    });

    it('keeps serving after bytes that are no request', async () => {
      await using test = await startTestServer();
      const { port } = test.server;
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
          await new Promise<void>((resolve) => {
            const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
            socket
              .on('error', () => resolve())
              .on('close', () => resolve())
              .resume();
          });
          expect((await test.ask('OPTIONS', '/', { user: '' })).status).toBe(200);
        }),
        { numRuns: 100 },
      );
    });

    it('refuses entity attacks, deep nesting and long bodies before they cost anything', async () => {
      await using test = await startTestServer();
      const attack =
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><propfind xmlns="DAV:"><prop>&a;</prop></propfind>';
      expect((await test.ask('PROPFIND', '/', { body: attack })).status).toBe(400);
      expect((await test.ask('PROPFIND', '/', { body: '<a>'.repeat(10_000) })).status).toBe(400);
      const long = await test
        .ask('PROPFIND', '/', { body: Buffer.alloc(5_000_000, 32) })
        .catch(() => ({ status: 413 }));
      expect(long.status).toBe(413);
    });
  });
