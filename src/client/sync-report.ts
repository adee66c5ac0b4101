import { escapeXml, child, ns } from '../xml/index.ts';
import { expectStatus } from './expect-status.ts';
import { foundProperty, parseMultistatus, type Multistatus } from './multistatus.ts';
import { exchange, xmlHeaders, type Session } from './session.ts';

/** One page of a sync-collection report (RFC 6578 section 3). */
export interface SyncPage {
  readonly changed: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
  readonly token: string;
  /** The server cut the answer short; ask again with `token`. */
  readonly truncated: boolean;
}

/** The token is not one that the server still knows (precondition `DAV:valid-sync-token`). */
export const tokenInvalid = Symbol('sync token invalid');

/**
 * Asks what changed since `token`; the empty token asks for everything.
 * @throws DavpulseError when the server refuses or fails
 */
export async function syncReport(
  session: Session,
  collection: string,
  token: string,
): Promise<SyncPage | typeof tokenInvalid> {
  const body = `<?xml version="1.0" encoding="utf-8"?><D:sync-collection xmlns:D="DAV:"><D:sync-token>${escapeXml(token)}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>`;
  const request = { method: 'REPORT', path: collection, headers: xmlHeaders('0'), body };
  const answer = await exchange(session, 'sync-collection', request);
  // Servers differ in the status of the precondition: 403 by the RFC, but also 409, 412 and 410.
  if (token !== '' && [403, 409, 410, 412].includes(answer.status)) return tokenInvalid;
  expectStatus(request, answer, 207);
  return readPage(parseMultistatus(answer.body, `REPORT ${collection}`), collection, token);
}

function readPage(multistatus: Multistatus, collection: string, oldToken: string): SyncPage {
  const changed = new Map<string, string>();
  const removed: string[] = [];
  let truncated = false;
  for (const response of multistatus.responses) {
    if (response.href === collection) {
      // RFC 6578 section 3.6: 507 for the collection itself marks a partial answer.
      if (response.status === 507) truncated = true;
    } else if (response.status === 404) {
      removed.push(response.href);
    } else {
      const etag = foundProperty(response, ns.dav, 'getetag')?.text.trim();
      if (etag !== undefined && etag !== '') changed.set(response.href, etag);
    }
  }
  return { changed, removed, token: multistatus.syncToken ?? oldToken, truncated };
}

/** The collection's current token by a PROPFIND of depth 0; undefined when the server has none. */
export async function readSyncToken(session: Session, collection: string): Promise<string | undefined> {
  const body =
    '<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:" xmlns:CS="http://calendarserver.org/ns/"><D:prop><D:sync-token/><CS:getctag/></D:prop></D:propfind>';
  const request = { method: 'PROPFIND', path: collection, headers: xmlHeaders('0'), body };
  const answer = expectStatus(request, await exchange(session, 'sync-token', request), 207);
  const [response] = parseMultistatus(answer.body, `PROPFIND ${collection}`).responses;
  if (response === undefined) return undefined;
  return foundProperty(response, ns.dav, 'sync-token')?.text.trim();
}

/** Every member with its ETag by a PROPFIND of depth 1: what the server holds, whatever a client believes. */
export async function listMembers(session: Session, collection: string): Promise<Map<string, string>> {
  const body =
    '<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:getetag/><D:resourcetype/></D:prop></D:propfind>';
  const request = { method: 'PROPFIND', path: collection, headers: xmlHeaders('1'), body };
  const answer = expectStatus(request, await exchange(session, 'discovery', request), 207);
  const members = new Map<string, string>();
  for (const response of parseMultistatus(answer.body, `PROPFIND ${collection}`).responses) {
    const type = foundProperty(response, ns.dav, 'resourcetype');
    const etag = foundProperty(response, ns.dav, 'getetag')?.text.trim();
    const isCollection = type !== undefined && child(type, ns.dav, 'collection') !== undefined;
    if (!isCollection && response.href !== collection && etag !== undefined) {
      members.set(response.href, etag);
    }
  }
  return members;
}
