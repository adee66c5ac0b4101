import { child, ns } from '../xml/index.ts';
import { expectStatus } from './expect-status.ts';
import { foundProperty, parseMultistatus, type Multistatus } from './multistatus.ts';
import { exchange, xmlHeaders, type Session } from './session.ts';

/** Every member with its ETag, by path, by a PROPFIND of depth 1. @throws DavpulseError when the server refuses or fails */
export async function listMembers(session: Session, collection: string): Promise<Map<string, string>> {
  const body =
    '<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:getetag/><D:resourcetype/></D:prop></D:propfind>';
  const request = { method: 'PROPFIND', path: collection, headers: xmlHeaders('1'), body };
  const answer = expectStatus(request, await exchange(session, 'list', request), 207);
  return membersIn(parseMultistatus(answer.body, `PROPFIND ${collection}`), collection);
}

/**
 * The events since `from` with their ETags, by path, by a calendar-query that asks for no bodies (RFC 4791
 * section 7.8): how clients list that keep a part of the past only.
 * @throws DavpulseError when the server refuses or fails
 */
export async function queryMembers(
  session: Session,
  collection: string,
  from: Date,
): Promise<Map<string, string>> {
  const start = `${from.toISOString().slice(0, 10).replaceAll('-', '')}T000000Z`;
  const body = `<?xml version="1.0" encoding="utf-8"?><C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="${start}"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`;
  const request = { method: 'REPORT', path: collection, headers: xmlHeaders('1'), body };
  const answer = expectStatus(request, await exchange(session, 'list', request), 207);
  return membersIn(parseMultistatus(answer.body, `REPORT ${collection}`), collection);
}

function membersIn(multistatus: Multistatus, collection: string): Map<string, string> {
  const members = new Map<string, string>();
  for (const response of multistatus.responses) {
    const type = foundProperty(response, ns.dav, 'resourcetype');
    const etag = foundProperty(response, ns.dav, 'getetag')?.text.trim();
    const isCollection = type !== undefined && child(type, ns.dav, 'collection') !== undefined;
    if (!isCollection && response.href !== collection && etag !== undefined) {
      members.set(response.href, etag);
    }
  }
  return members;
}
