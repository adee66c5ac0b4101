import { DavpulseError } from '../errors/index.ts';
import { child, ns } from '../xml/index.ts';
import { expectStatus } from './expect-status.ts';
import { foundProperty, parseMultistatus, type MultistatusResponse } from './multistatus.ts';
import type { CollectionKind } from './multiget.ts';
import { exchange, xmlHeaders, type Session } from './session.ts';

export interface Account {
  readonly principal: string;
  readonly calendarHome: string | undefined;
  readonly addressbookHome: string | undefined;
}

export interface FoundCollection {
  readonly path: string;
  readonly kind: CollectionKind;
  readonly syncToken: string | undefined;
  /** Of WebDAV-Push: identifies the collection in push messages; undefined where push is not offered. */
  readonly pushTopic: string | undefined;
  /** The server's VAPID key, base64url. */
  readonly vapidKey: string | undefined;
}

const maxRedirects = 5;

/** PROPFIND that follows redirects, as the well-known URLs of RFC 6764 need. */
async function propfind(
  session: Session,
  path: string,
  depth: '0' | '1',
  properties: string,
): Promise<MultistatusResponse[]> {
  const body = `<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:A="urn:ietf:params:xml:ns:carddav" xmlns:P="https://bitfire.at/webdav-push"><D:prop>${properties}</D:prop></D:propfind>`;
  let target = path;
  for (let redirects = 0; ; redirects += 1) {
    const request = { method: 'PROPFIND', path: target, headers: xmlHeaders(depth), body };
    const answer = await exchange(session, 'discovery', request);
    const { location } = answer.headers;
    if (answer.status >= 300 && answer.status < 400 && typeof location === 'string') {
      if (redirects === maxRedirects) break;
      target = location.startsWith('/') ? location : (URL.parse(location)?.pathname ?? target);
      continue;
    }
    expectStatus(request, answer, 207);
    return [...parseMultistatus(answer.body, `PROPFIND ${target}`).responses];
  }
  throw new DavpulseError('DAVPULSE_SERVER_FAILED', `PROPFIND ${path} is redirected in a circle`);
}

/**
 * From the server's origin to the account's homes: well-known URL, principal, home sets (RFC 6764 section 6).
 * `start` is the path of a given base URL, tried first when it is not the root.
 * @throws DavpulseError when the server refuses, fails, or has no principal for the user
 */
export async function discoverAccount(session: Session, start = '/'): Promise<Account> {
  const principal = await findPrincipal(session, start);
  const [response] = await propfind(
    session,
    principal,
    '0',
    '<C:calendar-home-set/><A:addressbook-home-set/>',
  );
  const home = (namespace: string, name: string): string | undefined => {
    const set = response === undefined ? undefined : foundProperty(response, namespace, name);
    return set === undefined ? undefined : hrefIn(set);
  };
  return {
    principal,
    calendarHome: home(ns.caldav, 'calendar-home-set'),
    addressbookHome: home(ns.carddav, 'addressbook-home-set'),
  };
}

async function findPrincipal(session: Session, start: string): Promise<string> {
  const places = start === '/' ? ['/.well-known/caldav', '/'] : [start];
  let failure: unknown;
  for (const place of places) {
    try {
      const [response] = await propfind(session, place, '0', '<D:current-user-principal/>');
      const property =
        response === undefined ? undefined : foundProperty(response, ns.dav, 'current-user-principal');
      const href = property === undefined ? undefined : hrefIn(property);
      if (href !== undefined) return href;
    } catch (error) {
      // Without a well-known URL the root is asked; a refusal is the same everywhere.
      if (!(error instanceof DavpulseError) || error.code !== 'DAVPULSE_SERVER_FAILED') throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  throw new DavpulseError(
    'DAVPULSE_SERVER_FAILED',
    `the server names no principal for the user ${session.credentials.user}`,
  );
}

/** The calendars or address books below a home. */
export async function listCollections(session: Session, home: string): Promise<FoundCollection[]> {
  const responses = await propfind(
    session,
    home,
    '1',
    '<D:resourcetype/><D:sync-token/><P:transports/><P:topic/><P:supported-triggers/>',
  );
  return responses.flatMap((response) => {
    const found = readCollection(response);
    return found === undefined ? [] : [found];
  });
}

/** One collection's properties; undefined when it is neither a calendar nor an address book. */
export async function readCollectionAt(session: Session, path: string): Promise<FoundCollection | undefined> {
  const [response] = await propfind(
    session,
    path,
    '0',
    '<D:resourcetype/><D:sync-token/><P:transports/><P:topic/><P:supported-triggers/>',
  );
  return response === undefined ? undefined : readCollection(response);
}

function readCollection(response: MultistatusResponse): FoundCollection | undefined {
  const type = foundProperty(response, ns.dav, 'resourcetype');
  const isCalendar = type !== undefined && child(type, ns.caldav, 'calendar') !== undefined;
  const isAddressbook = type !== undefined && child(type, ns.carddav, 'addressbook') !== undefined;
  if (!isCalendar && !isAddressbook) return undefined;
  const transports = foundProperty(response, ns.push, 'transports');
  const webPush = transports === undefined ? undefined : child(transports, ns.push, 'web-push');
  const vapid = webPush === undefined ? undefined : child(webPush, ns.push, 'vapid-public-key');
  const topic = foundProperty(response, ns.push, 'topic')?.text.trim();
  return {
    path: response.href,
    kind: isCalendar ? 'calendar' : 'addressbook',
    syncToken: foundProperty(response, ns.dav, 'sync-token')?.text.trim(),
    pushTopic: webPush === undefined ? undefined : topic,
    vapidKey: vapid?.text.trim(),
  };
}

function hrefIn(element: { readonly children: Parameters<typeof child>[0]['children'] }): string | undefined {
  const href = element.children.find(({ ns: space, name }) => space === ns.dav && name === 'href');
  const text = href?.text.trim();
  if (text === undefined || text === '') return undefined;
  return text.startsWith('/') ? text : URL.parse(text)?.pathname;
}
