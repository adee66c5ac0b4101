import encoding from 'k6/encoding';
import http, { type RefinedResponse, type ResponseType } from 'k6/http';

export interface Account {
  readonly name: string;
  readonly password: string;
}

/** A request, and the kind that its figures are kept under. */
export interface DavRequest {
  readonly kind: string;
  readonly account: Account;
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A member of a collection as an answer shows it. */
export interface Member {
  readonly etag: string;
  /** When its present version was written, ms since 1970, where the answer carries a body of this script. */
  readonly writtenAt: number;
}

const paramsOf = ({ kind, account, headers }: DavRequest) => ({
  headers: {
    ...headers,
    Authorization: `Basic ${encoding.b64encode(`${account.name}:${account.password}`)}`,
  },
  tags: { kind },
  responseCallback: http.expectedStatuses(200, 201, 204, 207),
});

/** Sends one request and gives the text of the answer; empty when the answer is an error. */
export async function send(request: DavRequest): Promise<string> {
  const { method, url, body } = request;
  return textOf(await http.asyncRequest(method, url, body, paramsOf(request)));
}

/** Sends several requests, `atOnce` at a time, and gives the texts of their answers. */
export async function sendAll(requests: readonly DavRequest[], atOnce = 20): Promise<string[]> {
  const texts: string[] = [];
  for (let start = 0; start < requests.length; start += atOnce) {
    texts.push(...(await Promise.all(requests.slice(start, start + atOnce).map(send))));
  }
  return texts;
}

const textOf = ({ status, body }: RefinedResponse<ResponseType | undefined>): string =>
  status >= 200 && status < 300 && typeof body === 'string' ? body : '';

export const xmlHeaders = (depth: string) => ({
  Depth: depth,
  'Content-Type': 'application/xml; charset=utf-8',
});

const prolog = '<?xml version="1.0" encoding="utf-8"?>';

export const tokensBody = `${prolog}<D:propfind xmlns:D="DAV:" xmlns:CS="http://calendarserver.org/ns/"><D:prop><D:sync-token/><CS:getctag/></D:prop></D:propfind>`;
export const etagsBody = `${prolog}<D:propfind xmlns:D="DAV:"><D:prop><D:getetag/><D:resourcetype/></D:prop></D:propfind>`;

const dataOf = {
  calendar: '<X:calendar-data xmlns:X="urn:ietf:params:xml:ns:caldav"/>',
  addressbook: '<X:address-data xmlns:X="urn:ietf:params:xml:ns:carddav"/>',
};
export type Kind = keyof typeof dataOf;

/** What changed since a token (RFC 6578 section 3.2), with bodies if they are wanted. */
export const syncBody = (token: string, bodies?: Kind): string =>
  `${prolog}<D:sync-collection xmlns:D="DAV:"><D:sync-token>${token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/>${bodies === undefined ? '' : dataOf[bodies]}</D:prop></D:sync-collection>`;

/** Whole objects (RFC 4791 section 7.9, RFC 6352 section 8.7). */
export function multigetBody(kind: Kind, hrefs: readonly string[]): string {
  const wanted = hrefs.map((href) => `<D:href>${href}</D:href>`).join('');
  const [space, root] = kind === 'calendar' ? ['caldav', 'calendar'] : ['carddav', 'addressbook'];
  return `${prolog}<X:${root}-multiget xmlns:D="DAV:" xmlns:X="urn:ietf:params:xml:ns:${space}"><D:prop><D:getetag/>${dataOf[kind]}</D:prop>${wanted}</X:${root}-multiget>`;
}

/** The request that makes a calendar (RFC 4791 section 5.3.1) or an address book (RFC 5689). */
export function createRequest(kind: Kind, account: Account, url: string): DavRequest {
  const headers = { 'Content-Type': 'application/xml; charset=utf-8' };
  const name = '<D:displayname>k6</D:displayname>';
  return kind === 'calendar'
    ? {
        kind: 'setup',
        account,
        method: 'MKCALENDAR',
        url,
        headers,
        body: `${prolog}<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>${name}</D:prop></D:set></C:mkcalendar>`,
      }
    : {
        kind: 'setup',
        account,
        method: 'MKCOL',
        url,
        headers,
        body: `${prolog}<D:mkcol xmlns:D="DAV:" xmlns:A="urn:ietf:params:xml:ns:carddav"><D:set><D:prop><D:resourcetype><D:collection/><A:addressbook/></D:resourcetype>${name}</D:prop></D:set></D:mkcol>`,
      };
}

const marker = 'X-DAVPULSE-WRITTEN:';

/** The request that writes an object of about `bytes` octets; its body tells when it was written. */
export function putRequest(kind: Kind, account: Account, url: string, bytes: number): DavRequest {
  const uid = url.slice(url.lastIndexOf('/') + 1).replace(/\..*$/, '');
  const lines =
    kind === 'calendar'
      ? [
          'BEGIN:VCALENDAR',
          'VERSION:2.0',
          'PRODID:-//davpulse//k6//EN',
          'BEGIN:VEVENT',
          `UID:k6-${uid}`,
          'DTSTAMP:20260101T000000Z',
          'DTSTART:20400101T090000Z',
          'SUMMARY:Change',
          `${marker}${Date.now()}`,
          'END:VEVENT',
          'END:VCALENDAR',
        ]
      : [
          'BEGIN:VCARD',
          'VERSION:3.0',
          `UID:k6-${uid}`,
          'FN:Person',
          'N:Person;;;;',
          `${marker}${Date.now()}`,
          'END:VCARD',
        ];
  const text = (padding: readonly string[]): string =>
    `${[...lines.slice(0, kind === 'calendar' ? -2 : -1), ...padding, ...lines.slice(kind === 'calendar' ? -2 : -1)].join('\r\n')}\r\n`;
  // Lines of 74 octets with their ends, well below where folding is due (RFC 5545 section 3.1).
  const missing = Math.max(0, Math.round((bytes - text([]).length) / 74));
  const padding = Array.from({ length: missing }, () => `X-PADDING:${'x'.repeat(62)}`);
  const type = kind === 'calendar' ? 'text/calendar' : 'text/vcard';
  return {
    kind: 'put',
    account,
    method: 'PUT',
    url,
    headers: { 'Content-Type': `${type}; charset=utf-8` },
    body: text(padding),
  };
}

const first = (text: string, element: string): string =>
  new RegExp(`<(?:[\\w-]+:)?${element}[^>]*>([^<]*)<`).exec(text)?.[1] ?? '';

const responsesIn = (text: string): string[] => text.split(/<(?:[\w-]+:)?response[\s>]/).slice(1);

/** The token that an answer shows for one collection: the sync token or, for want of one, the CTag. */
export const tokenIn = (text: string): string => first(text, 'sync-token') || first(text, 'getctag');

/** The tokens of all collections that an answer shows, by path. */
export const tokensIn = (text: string): Map<string, string> =>
  new Map(responsesIn(text).map((response) => [first(response, 'href'), tokenIn(response)] as const));

/** Members that an answer shows, by path, `collection` itself left out. */
export function membersIn(text: string, collection: string): Map<string, Member> {
  const members = new Map<string, Member>();
  for (const response of responsesIn(text)) {
    const href = first(response, 'href');
    const etag = first(response, 'getetag');
    if (href === '' || href === collection || etag === '') continue;
    const written = response.indexOf(marker);
    const writtenAt = written < 0 ? NaN : Number.parseInt(response.slice(written + marker.length), 10);
    members.set(href, { etag, writtenAt });
  }
  return members;
}
