import { request as send, type Dispatcher } from 'undici';
import { startDavServer, type DavServer, type DavServerOptions } from '../../src/dav/index.ts';
import { child, children, ns, parseXml, type XmlElement } from '../../src/xml/index.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Ask {
  readonly user?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

export interface TestServer extends AsyncDisposable {
  readonly server: DavServer;
  ask(method: string, path: string, options?: Ask): Promise<Reply>;
}

const isMethod = (_method: string): _method is Dispatcher.HttpMethod => true;

/** A server in memory with the users alice, bob and carol; each password is the name. */
export async function startTestServer(options: Partial<DavServerOptions> = {}): Promise<TestServer> {
  const users = ['alice', 'bob', 'carol'].map((name) => ({ name, password: name }));
  const server = await startDavServer({ host: '127.0.0.1', port: 0, db: ':memory:', users, ...options });
  return {
    server,
    ask: async (method, path, { user = 'alice', headers = {}, body } = {}) => {
      if (!isMethod(method)) throw new TypeError(method);
      const auth =
        user === '' ? {} : { authorization: `Basic ${Buffer.from(`${user}:${user}`).toString('base64')}` };
      const answer = await send(server.url + path, {
        method,
        reset: false,
        headers: { ...auth, ...headers },
        ...(body === undefined ? {} : { body }),
      });
      return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

export const event = (
  uid: string,
  lines: readonly string[] = [],
  start = 'DTSTART:20261201T090000Z',
): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//davpulse//test//EN',
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20261101T000000Z',
    start,
    'SUMMARY:Meeting',
    ...lines,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');

export const card = (uid: string, lines: readonly string[] = []): string =>
  [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `UID:${uid}`,
    'FN:Ann Example',
    'N:Example;Ann;;;',
    ...lines,
    'END:VCARD',
    '',
  ].join('\r\n');

/** The responses of a multistatus: by path, each with its found properties and its status. */
export interface Part {
  readonly href: string;
  readonly status: number | undefined;
  readonly found: ReadonlyMap<string, XmlElement>;
  readonly missing: readonly string[];
}

const statusOf = (element: XmlElement | undefined): number | undefined => {
  const line = element && child(element, ns.dav, 'status')?.text;
  return line === undefined ? undefined : Number(line.split(' ')[1]);
};

export function parts({ text }: Reply): Part[] {
  return children(parseXml(text), ns.dav, 'response').map((response) => {
    const propstats = children(response, ns.dav, 'propstat');
    const propsWith = (wanted: boolean): readonly XmlElement[] =>
      propstats
        .filter((propstat) => (statusOf(propstat) === 200) === wanted)
        .flatMap((propstat) => child(propstat, ns.dav, 'prop')?.children ?? []);
    return {
      href: child(response, ns.dav, 'href')?.text ?? '',
      status: statusOf(response),
      found: new Map(propsWith(true).map((property) => [property.name, property])),
      missing: propsWith(false).map(({ name }) => name),
    };
  });
}

export const syncToken = ({ text }: Reply): string => child(parseXml(text), ns.dav, 'sync-token')?.text ?? '';

/** Name of the condition in a `D:error` body. */
export const condition = ({ text }: Reply): string | undefined => parseXml(text).children[0]?.name;

const all =
  'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:CR="urn:ietf:params:xml:ns:carddav" xmlns:CS="http://calendarserver.org/ns/" xmlns:P="https://bitfire.at/webdav-push" xmlns:A="http://apple.com/ns/ical/"';

/** An XML body with the usual prefixes declared on its root. */
export const xml = (root: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>${root.replace(/^<([\w:-]+)/, `<$1 ${all}`)}`;

export const propfindBody = (...names: string[]): string =>
  xml(`<D:propfind><D:prop>${names.map((name) => `<${name}/>`).join('')}</D:prop></D:propfind>`);

export const syncBody = (token: string, more = '', props = '<D:getetag/>'): string =>
  xml(
    `<D:sync-collection><D:sync-token>${token}</D:sync-token><D:sync-level>1</D:sync-level>${more}<D:prop>${props}</D:prop></D:sync-collection>`,
  );
