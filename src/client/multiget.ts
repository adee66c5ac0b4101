import { escapeXml, ns } from '../xml/index.ts';
import { expectStatus } from './expect-status.ts';
import { foundProperty, parseMultistatus, type Multistatus } from './multistatus.ts';
import { exchange, xmlHeaders, type Session } from './session.ts';

export type CollectionKind = 'calendar' | 'addressbook';

export interface FetchedObject {
  readonly href: string;
  readonly etag: string;
  readonly data: string;
}

const reports = {
  calendar: { namespace: ns.caldav, root: 'calendar-multiget', data: 'calendar-data' },
  addressbook: { namespace: ns.carddav, root: 'addressbook-multiget', data: 'address-data' },
} as const;

/**
 * Fetches whole objects by one multiget (RFC 4791 section 7.9, RFC 6352 section 8.7). Objects that are gone
 * by then are left out. @throws DavpulseError when the server refuses or fails
 */
export async function multiget(
  session: Session,
  kind: CollectionKind,
  collection: string,
  hrefs: readonly string[],
): Promise<FetchedObject[]> {
  const { namespace, root, data } = reports[kind];
  const wanted = hrefs.map((href) => `<D:href>${escapeXml(href)}</D:href>`).join('');
  const body = `<?xml version="1.0" encoding="utf-8"?><X:${root} xmlns:D="DAV:" xmlns:X="${namespace}"><D:prop><D:getetag/><X:${data}/></D:prop>${wanted}</X:${root}>`;
  const request = { method: 'REPORT', path: collection, headers: xmlHeaders('0'), body };
  const answer = expectStatus(request, await exchange(session, 'multiget', request), 207);
  return readObjects(parseMultistatus(answer.body, `REPORT ${collection}`), kind);
}

/** The property that carries bodies, for requests that want them. */
export const dataElement = (kind: CollectionKind): string =>
  `<X:${reports[kind].data} xmlns:X="${reports[kind].namespace}"/>`;

/** The objects whose bodies an answer carries. */
export function readObjects(multistatus: Multistatus, kind: CollectionKind): FetchedObject[] {
  const { namespace, data } = reports[kind];
  return multistatus.responses.flatMap((response) => {
    const etag = foundProperty(response, ns.dav, 'getetag')?.text.trim();
    const content = foundProperty(response, namespace, data)?.text;
    return etag === undefined || content === undefined ? [] : [{ href: response.href, etag, data: content }];
  });
}
