import { describe, expect, it } from 'vitest';
import { card, condition, event, parts, propfindBody, startTestServer, xml } from './harness.ts';

const calendar = '/calendars/alice/calendar/';
const book = '/addressbooks/alice/addressbook/';

const query = (inner: string): string =>
  xml(
    `<C:calendar-query><D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name="VCALENDAR">${inner}</C:comp-filter></C:filter></C:calendar-query>`,
  );
const range = '<C:time-range start="20270102T000000Z" end="20270103T000000Z"/>';
const filter = (name: string, inner = ''): string => `<C:comp-filter name="${name}">${inner}</C:comp-filter>`;

describe('what a request may ask', () => {
  it('refuses filters that no calendar object can match', async () => {
    await using test = await startTestServer();
    const wrong = [
      range,
      filter('VALARM'),
      filter('VTIMEZONE', range),
      filter('VTIMEZONE', filter('STANDARD', range)),
      filter('VEVENT', filter('VEVENT')),
      filter('VEVENT', filter('VALARM', filter('VEVENT'))),
      filter('VEVENT', filter('VALARM', filter('X-PART', range))),
      filter('VEVENT', `<C:prop-filter name="SUMMARY">${range}</C:prop-filter>`),
    ];
    for (const inner of wrong) {
      const reply = await test.ask('REPORT', calendar, { headers: { depth: '1' }, body: query(inner) });
      expect([inner, reply.status, condition(reply)]).toEqual([inner, 403, 'valid-filter']);
    }
    const right = [
      filter('VEVENT', filter('VALARM', range)),
      filter('VTIMEZONE', filter('STANDARD')),
      filter('X-PART'),
      filter('VEVENT', `<C:prop-filter name="X-WHEN">${range}</C:prop-filter>`),
    ];
    for (const inner of right) {
      const reply = await test.ask('REPORT', calendar, { headers: { depth: '1' }, body: query(inner) });
      expect([inner, reply.status]).toEqual([inner, 207]);
    }
  });

  it('looks at members when a query names no depth, and only at the collection with Depth: 0', async () => {
    await using test = await startTestServer();
    await test.ask('PUT', `${calendar}a.ics`, { body: event('a') });
    await test.ask('PUT', `${book}a.vcf`, { body: card('a') });
    const cards = xml('<CR:addressbook-query><D:prop><D:getetag/></D:prop></CR:addressbook-query>');
    for (const [path, body] of [
      [calendar, query(filter('VEVENT'))],
      ['/calendars/alice/', query(filter('VEVENT'))],
      [book, cards],
    ] as const) {
      expect(parts(await test.ask('REPORT', path, { body })).length).toBe(1);
      expect(parts(await test.ask('REPORT', path, { headers: { depth: '0' }, body }))).toEqual([]);
    }
  });

  it('wants exactly one form of PROPFIND, and Depth: 0 for reports about principals', async () => {
    await using test = await startTestServer();
    for (const inner of ['<D:allprop/><D:propname/>', '<D:other/>', '']) {
      const reply = await test.ask('PROPFIND', calendar, {
        headers: { depth: '0' },
        body: xml(`<D:propfind>${inner}</D:propfind>`),
      });
      expect([inner, reply.status]).toEqual([inner, 400]);
    }
    const match = xml('<D:principal-match><D:self/></D:principal-match>');
    const ask = async (depth: string): Promise<number> =>
      (await test.ask('REPORT', '/principals/', { headers: { depth }, body: match })).status;
    expect([await ask('0'), await ask('1')]).toEqual([207, 400]);
  });

  it('takes one time zone and nothing else as the zone of a calendar', async () => {
    await using test = await startTestServer();
    const patch = async (property: string, value: string) =>
      parts(
        await test.ask('PROPPATCH', calendar, {
          body: xml(
            `<D:propertyupdate><D:set><D:prop><C:${property}>${value}</C:${property}></D:prop></D:set></D:propertyupdate>`,
          ),
        }),
      )[0]?.missing;
    expect(await patch('calendar-timezone', event('a'))).toEqual(['calendar-timezone']);
    expect(await patch('calendar-timezone-id', 'Nowhere/Known')).toEqual(['calendar-timezone-id']);
    expect(await patch('calendar-timezone-id', 'Europe/Paris')).toEqual([]);
  });

  it('names the zone that describes a calendar, and goes by the last one set (RFC 7809 section 5.2)', async () => {
    await using test = await startTestServer();
    const zone = (name: string): string =>
      `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTIMEZONE\r\nTZID:${name}\r\nBEGIN:STANDARD\r\nDTSTART:20000101T000000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0500\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n`;
    const patch = (inner: string) =>
      test.ask('PROPPATCH', calendar, { body: xml(`<D:propertyupdate>${inner}</D:propertyupdate>`) });
    const property = (name: string, value: string): string => `<C:${name}>${value}</C:${name}>`;
    const set = (name: string, value: string) =>
      patch(`<D:set><D:prop>${property(name, value)}</D:prop></D:set>`);
    const named = async (): Promise<(string | undefined)[]> => {
      const body = propfindBody('C:calendar-timezone-id', 'C:calendar-timezone');
      const found = parts(await test.ask('PROPFIND', calendar, { headers: { depth: '0' }, body }))[0]?.found;
      const described = /TZID:([^\r\n]*)/.exec(found?.get('calendar-timezone')?.text ?? '')?.[1];
      return [found?.get('calendar-timezone-id')?.text, described];
    };
    await set('calendar-timezone', zone('Etc/GMT+5'));
    expect(await named()).toEqual(['Etc/GMT+5', 'Etc/GMT+5']);
    await set('calendar-timezone', zone('Of our own'));
    expect(await named()).toEqual([undefined, 'Of our own']);
    await set('calendar-timezone-id', 'Europe/Paris');
    expect(await named()).toEqual(['Europe/Paris', 'Europe/Paris']);
    await set('calendar-timezone', zone('America/Bogota'));
    expect(await named()).toEqual(['America/Bogota', 'America/Bogota']);
    const both = [
      property('calendar-timezone', zone('Etc/GMT+5')),
      property('calendar-timezone-id', 'Asia/Tokyo'),
    ];
    await patch(`<D:set><D:prop>${both.join('')}</D:prop></D:set>`);
    expect(await named()).toEqual(['Asia/Tokyo', 'Asia/Tokyo']);
    await patch(`<D:set><D:prop>${both.toReversed().join('')}</D:prop></D:set>`);
    expect(await named()).toEqual(['Etc/GMT+5', 'Etc/GMT+5']);
    await patch('<D:remove><D:prop><C:calendar-timezone/></D:prop></D:remove>');
    expect(await named()).toEqual([undefined, undefined]);
  });

  it('takes cards with parameters of the old form, byte for byte', async () => {
    await using test = await startTestServer();
    const old = card('a', ['PHOTO;BASE64:', '  /9j/4AAQSkZJRg==', 'TEL;HOME;TYPE=CELL:1']);
    expect((await test.ask('PUT', `${book}a.vcf`, { body: old })).status).toBe(201);
    expect((await test.ask('GET', `${book}a.vcf`)).text).toBe(old);
  });
});
