import { request, type Dispatcher } from 'undici';
import type { Target } from './targets.ts';

export interface Ask {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Row {
  readonly name: string;
  readonly connections: number;
  /** Each call makes the next request of the row. */
  readonly next: () => Ask;
}

const declare =
  'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:CS="http://calendarserver.org/ns/"';
const xml = { 'content-type': 'application/xml; charset=utf-8' };
const hourMs = 3_600_000;
const firstMs = Date.UTC(2006, 0, 1);
/** One event each 17.5 hours: a month holds as many in a large calendar as in a small one. */
const stepMs = 17.5 * hourMs;

const stamp = (ms: number): string => new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '');
export const eventName = (index: number): string => `event-${index}.ics`;

export function eventText(index: number, revision = 0): string {
  const start = firstMs + index * stepMs;
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//davpulse//bench//EN',
    'BEGIN:VEVENT',
    `UID:event-${index}`,
    'DTSTAMP:20260101T000000Z',
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(start + hourMs)}`,
    `SUMMARY:Meeting ${index} edition ${revision}`,
    `DESCRIPTION:${'What is to be said about it. '.repeat(16)}`,
    'LOCATION:Room 12',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]
    .join('\r\n')
    .replaceAll(/[^\r\n]{74}(?=[^\r\n])/g, '$&\r\n ');
}

const method = (name: string): Dispatcher.HttpMethod => name;

export async function send(
  { headers: own }: Pick<Target, 'headers'>,
  ask: Ask,
  dispatcher?: Dispatcher,
): Promise<{ status: number; text: string }> {
  const answer = await request(ask.url, {
    method: method(ask.method),
    headers: { ...own, ...ask.headers },
    // undici would close the connection after each REPORT that has a body.
    reset: false,
    ...(ask.body === '' ? {} : { body: ask.body }),
    ...(dispatcher === undefined ? {} : { dispatcher }),
  });
  return { status: answer.statusCode, text: await answer.body.text() };
}

export const put = ({ calendar }: Target, index: number, revision = 0): Ask => ({
  method: 'PUT',
  url: calendar + eventName(index),
  headers: { 'content-type': 'text/calendar; charset=utf-8' },
  body: eventText(index, revision),
});

export const sync = ({ calendar }: Target, token: string): Ask => ({
  method: 'REPORT',
  url: calendar,
  headers: { ...xml, depth: '0' },
  body: `<?xml version="1.0"?><D:sync-collection ${declare}><D:sync-token>${token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>`,
});

const propfind = ({ calendar }: Target, depth: string, props: string): Ask => ({
  method: 'PROPFIND',
  url: calendar,
  headers: { ...xml, depth },
  body: `<?xml version="1.0"?><D:propfind ${declare}><D:prop>${props}</D:prop></D:propfind>`,
});

const report = ({ calendar }: Target, depth: string, body: string): Ask => ({
  method: 'REPORT',
  url: calendar,
  headers: { ...xml, depth },
  body: `<?xml version="1.0"?>${body}`,
});

/** The rows of the table. `current` and `before` are sync tokens of now and of ten changes ago. */
export function rowsFor(target: Target, size: number, current: string, before: string): Row[] {
  const path = new URL(target.calendar).pathname;
  const hrefs = Array.from(
    { length: 50 },
    (_, n) => `<D:href>${path}${eventName((n * 7) % size)}</D:href>`,
  ).join('');
  const middle = firstMs + (size / 2) * stepMs;
  const range = `<C:time-range start="${stamp(middle)}" end="${stamp(middle + 30 * 24 * hourMs)}"/>`;
  let revision = 0;
  let turn = 0;
  const fixed = (name: string, ask: Ask): Row => ({ name, connections: 8, next: () => ask });
  return [
    fixed('CTag PROPFIND', propfind(target, '0', '<CS:getctag/>')),
    fixed('empty sync-collection', sync(target, current)),
    fixed('sync-collection, 10 changes', sync(target, before)),
    fixed(
      'multiget of 50',
      report(
        target,
        '1',
        `<C:calendar-multiget ${declare}><D:prop><D:getetag/><C:calendar-data/></D:prop>${hrefs}</C:calendar-multiget>`,
      ),
    ),
    fixed('PROPFIND Depth 1, all ETags', propfind(target, '1', '<D:getetag/>')),
    {
      name: 'the same and a PUT, by turns',
      connections: 8,
      // No listing is as it was before.
      next: () => {
        turn += 1;
        if (turn % 2 === 0) return propfind(target, '1', '<D:getetag/>');
        revision += 1;
        return put(target, revision % size, revision);
      },
    },
    fixed(
      'calendar-query, one month',
      report(
        target,
        '1',
        `<C:calendar-query ${declare}><D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">${range}</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`,
      ),
    ),
    {
      name: 'PUT, 1 connection',
      connections: 1,
      next: () => {
        revision += 1;
        return put(target, revision % size, revision);
      },
    },
  ];
}
