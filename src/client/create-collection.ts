import { escapeXml } from '../xml/index.ts';
import { expectStatus } from './expect-status.ts';
import type { CollectionKind } from './multiget.ts';
import { exchange, type Session } from './session.ts';

const tasksOnly =
  '<C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set>';

/**
 * Creates a calendar (MKCALENDAR, RFC 4791 section 5.3.1), of tasks alone if so wanted (section 5.2.3), or an address
 * book (extended MKCOL, RFC 5689).
 */
export async function createCollection(
  session: Session,
  kind: CollectionKind | 'tasks',
  path: string,
  displayName: string,
): Promise<void> {
  const name = `<D:displayname>${escapeXml(displayName)}</D:displayname>`;
  const request =
    kind !== 'addressbook'
      ? {
          method: 'MKCALENDAR',
          path,
          body: `<?xml version="1.0" encoding="utf-8"?><C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>${name}${kind === 'tasks' ? tasksOnly : ''}</D:prop></D:set></C:mkcalendar>`,
        }
      : {
          method: 'MKCOL',
          path,
          body: `<?xml version="1.0" encoding="utf-8"?><D:mkcol xmlns:D="DAV:" xmlns:A="urn:ietf:params:xml:ns:carddav"><D:set><D:prop><D:resourcetype><D:collection/><A:addressbook/></D:resourcetype>${name}</D:prop></D:set></D:mkcol>`,
        };
  const headers = { 'content-type': 'application/xml; charset=utf-8' };
  expectStatus(request, await exchange(session, 'discovery', { ...request, headers }), 201);
}

/** Removes a whole collection; one that is gone already counts as removed. */
export async function deleteCollection(session: Session, path: string): Promise<void> {
  const request = { method: 'DELETE', path };
  expectStatus(request, await exchange(session, 'discovery', request), 200, 204, 404);
}
