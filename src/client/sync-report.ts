import { escapeXml, ns } from '../xml/index.ts';
import { expectStatus } from './expect-status.ts';
import { foundProperty, parseMultistatus, type Multistatus } from './multistatus.ts';
import { dataElement, readObjects, type FetchedObject } from './multiget.ts';
import type { Replica } from './replica.ts';
import { exchangeAsIs, xmlHeaders, type Session } from './session.ts';

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

/** The answer is the one that showed nothing new before. */
export const unchanged = Symbol('unchanged');

/**
 * Asks what changed since `token`; the empty token asks for everything. With `inline` the report carries the
 * objects themselves. @throws DavpulseError when the server refuses or fails
 */
export async function syncReport(
  session: Session,
  { path, kind, reportPoll }: Replica,
  token: string,
  inline: boolean,
): Promise<SyncPage | typeof tokenInvalid | typeof unchanged> {
  const request = reportPoll.request(session.credentials, `${inline} ${token}`, () => ({
    method: 'REPORT',
    path,
    headers: xmlHeaders('0'),
    body: reportBody(token, inline ? dataElement(kind) : ''),
  }));
  const answer = await exchangeAsIs(session, 'sync-collection', request);
  if (reportPoll.isQuiet(answer.body) && answer.status === 207) return unchanged;
  // Servers differ in the status of the precondition: 403 by the RFC, but also 409, 412 and 410.
  if (token !== '' && [403, 409, 410, 412].includes(answer.status)) return tokenInvalid;
  expectStatus(request, answer, 207);
  const multistatus = parseMultistatus(answer.body, `REPORT ${path}`);
  const page = readPage(multistatus, path, token);
  if (multistatus.responses.length === 0 && page.token === token) reportPoll.wasQuiet(answer.body);
  return { ...page, objects: inline ? readObjects(multistatus, kind) : [] };
}

const reportBody = (token: string, data: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><D:sync-collection xmlns:D="DAV:"><D:sync-token>${escapeXml(token)}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/>${data}</D:prop></D:sync-collection>`;

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
