import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { card, event, propfindBody, startTestServer, syncBody, xml, type TestServer } from './harness.ts';

const runs = 1500;

const bodies = [
  propfindBody('D:getetag', 'D:resourcetype', 'C:calendar-home-set'),
  syncBody('urn:x', '<D:limit><D:nresults>3</D:nresults></D:limit>', '<D:getetag/><C:calendar-data/>'),
  xml(
    '<C:calendar-query><D:prop><D:getetag/><C:calendar-data><C:expand start="20261201T000000Z" end="20270101T000000Z"/></C:calendar-data></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="20261201T000000Z" end="20270101T000000Z"/><C:prop-filter name="SUMMARY"><C:text-match collation="i;octet" negate-condition="yes">x</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>',
  ),
  xml(
    '<C:calendar-multiget><D:prop><C:calendar-data/></D:prop><D:href>/calendars/alice/calendar/a.ics</D:href></C:calendar-multiget>',
  ),
  xml(
    '<CR:addressbook-query><D:prop><CR:address-data><CR:prop name="FN"/></CR:address-data></D:prop><CR:filter test="allof"><CR:prop-filter name="FN"><CR:text-match match-type="starts-with">a</CR:text-match></CR:prop-filter></CR:filter></CR:addressbook-query>',
  ),
  xml(
    '<C:free-busy-query><C:time-range start="20261201T000000Z" end="20270101T000000Z"/></C:free-busy-query>',
  ),
  xml(
    '<D:propertyupdate><D:set><D:prop><D:displayname>n</D:displayname><x xmlns="urn:y">z</x></D:prop></D:set><D:remove><D:prop><A:calendar-color/></D:prop></D:remove></D:propertyupdate>',
  ),
  xml(
    '<D:expand-property><D:property name="owner"><D:property name="displayname"/></D:property></D:expand-property>',
  ),
  xml(
    '<D:principal-property-search><D:property-search><D:prop><D:displayname/></D:prop><D:match>a</D:match></D:property-search><D:prop><D:displayname/></D:prop></D:principal-property-search>',
  ),
  xml(
    '<D:lockinfo><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>',
  ),
  xml(
    '<C:mkcalendar><D:set><D:prop><C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>',
  ),
  xml(
    '<P:push-register><P:subscription/><P:trigger><P:content-update><D:depth>1</D:depth></P:content-update></P:trigger></P:push-register>',
  ),
];

const words = [
  '0',
  '-1',
  '99999999999',
  'infinity',
  '"',
  '<',
  '>',
  '&',
  ']]>',
  '\u0000',
  'é',
  '😀',
  '',
  'FREQ=SECONDLY',
  'xmlns="x"',
  '<a/>',
  '\r\n',
  '%',
  '/',
  ';',
  ':',
  ',',
];

/** A text with a few pieces cut, doubled or replaced. */
const mutated = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.constantFrom(...words), fc.boolean()), { maxLength: 4 }),
    )
    .map(([text, edits]) =>
      edits.reduce((current, [at, length, word, twice]) => {
        const start = at % (current.length + 1);
        const cut = current.slice(start, start + length);
        return current.slice(0, start) + word + (twice ? cut + cut : '') + current.slice(start + length);
      }, text),
    );

const path = fc.oneof(
  fc.constantFrom(
    '/',
    '/principals/alice/',
    '/calendars/alice/',
    '/calendars/alice/calendar/',
    '/calendars/alice/calendar/a.ics',
    '/addressbooks/alice/addressbook/',
    '/calendars/alice/outbox/',
    '/files/alice/',
    '/push/registrations/x',
    '/calendars/bob/calendar/',
  ),
  fc
    .array(
      fc.constantFrom(
        '..',
        '.',
        '%2e%2e',
        'a',
        '%00',
        '%ff',
        '%2f',
        'é',
        'calendars',
        'alice',
        '?add-member',
        '%',
        '//',
      ),
      { maxLength: 6 },
    )
    .map((parts) => `/${parts.join('/')}`),
);

const method = fc.constantFrom(
  'PROPFIND',
  'REPORT',
  'PROPPATCH',
  'PUT',
  'POST',
  'MKCOL',
  'MKCALENDAR',
  'LOCK',
  'UNLOCK',
  'COPY',
  'MOVE',
  'GET',
  'HEAD',
  'OPTIONS',
  'DELETE',
  'ACL',
  'SEARCH',
);

const headers = fc.dictionary(
  fc.constantFrom(
    'depth',
    'if',
    'if-match',
    'if-none-match',
    'if-modified-since',
    'destination',
    'overwrite',
    'timeout',
    'lock-token',
    'prefer',
    'brief',
    'content-type',
    'push-dont-notify',
    'if-schedule-tag-match',
    'schedule-reply',
    'content-range',
  ),
  fc.constantFrom(
    '0',
    '1',
    'infinity',
    '*',
    '"x"',
    '(<urn:x>)',
    '(Not <urn:x> ["e"])',
    '</a> (<b>',
    '((',
    'Second-9999999999999',
    'Infinite',
    'return=minimal',
    'application/xml',
    'text/calendar',
    'text/calendar; charset="x',
    '/files/alice/x',
    'http://other/x',
    'T',
    'F',
    '',
    ';;;',
    '\u00ff',
  ),
  { maxKeys: 5 },
);

const neverFails = async (test: TestServer, status: number): Promise<void> => {
  expect(status).toBeGreaterThanOrEqual(200);
  expect([500, 502, 503]).not.toContain(status === 502 ? 200 : status);
  expect((await test.ask('OPTIONS', '/', { user: '' })).status).toBe(200);
};

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
        mutated([card('c', ['TEL;TYPE=HOME:1', 'EMAIL:a@b.c'])]),
        async (calendar, contact) => {
          const first = await test.ask('PUT', '/calendars/alice/calendar/f.ics', { body: calendar });
          const second = await test.ask('PUT', '/addressbooks/alice/addressbook/f.vcf', { body: contact });
          expect([201, 204, 403]).toContain(first.status);
          expect([201, 204, 403]).toContain(second.status);
          await test.ask('DELETE', '/calendars/alice/calendar/f.ics');
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
