import { escapeXml, ns } from '../xml/index.ts';
import { expectStatus } from './expect-status.ts';
import { foundProperty, parseMultistatus, type Multistatus } from './multistatus.ts';
import { dataElement, readObjects, type CollectionKind, type FetchedObject } from './multiget.ts';
import { exchange, xmlHeaders, type Session } from './session.ts';

/** One page of a sync-collection report (RFC 6578 section 3). */
export interface SyncPage {
  /** ETag by path. */
  readonly changed: ReadonlyMap<string, string>;
  /** Bodies, when they were asked for. */
  readonly objects: readonly FetchedObject[];
  readonly removed: readonly string[];
  readonly token: string;
  /** The server cut the answer short; ask again with `token`. */
  readonly truncated: boolean;
}

/** The token is not one that the server still knows (precondition `DAV:valid-sync-token`). */
export const tokenInvalid = Symbol('sync token invalid');

/**
 * Asks what changed since `token`; the empty token asks for everything. With `bodies` the report carries the
 * objects themselves. @throws DavpulseError when the server refuses or fails
 */
export async function syncReport(
  session: Session,
  collection: string,
  token: string,
  bodies?: CollectionKind,
): Promise<SyncPage | typeof tokenInvalid> {
  const data = bodies === undefined ? '' : dataElement(bodies);
  const body = `<?xml version="1.0" encoding="utf-8"?><D:sync-collection xmlns:D="DAV:"><D:sync-token>${escapeXml(token)}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/>${data}</D:prop></D:sync-collection>`;
  const request = { method: 'REPORT', path: collection, headers: xmlHeaders('0'), body };
  const answer = await exchange(session, 'sync-collection', request);
  // Servers differ in the status of the precondition: 403 by the RFC, but also 409, 412 and 410.
  if (token !== '' && [403, 409, 410, 412].includes(answer.status)) return tokenInvalid;
  expectStatus(request, answer, 207);
  const multistatus = parseMultistatus(answer.body, `REPORT ${collection}`);
  const objects = bodies === undefined ? [] : readObjects(multistatus, bodies);
  return { ...readPage(multistatus, collection, token), objects };
}

function readPage(multistatus: Multistatus, collection: string, oldToken: string): Omit<SyncPage, 'objects'> {
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
