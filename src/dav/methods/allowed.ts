import type { DavContext } from '../context.ts';
import type { NodeKind } from '../store/node.ts';

const everywhere = ['OPTIONS', 'GET', 'HEAD', 'PROPFIND', 'REPORT'];
const changing = ['ACL', 'PROPPATCH', 'DELETE', 'COPY', 'MOVE', 'LOCK', 'UNLOCK'];

/** The methods that a resource of this kind takes; of an unmapped URL when undefined. */
export function allowedMethods(kind: NodeKind | undefined): string[] {
  switch (kind) {
    case undefined:
      return ['OPTIONS', 'PUT', 'MKCOL', 'MKCALENDAR', 'LOCK'];
    case 'object':
      return [...everywhere, 'PUT', ...changing];
    case 'folder':
    case 'calendar':
    case 'addressbook':
      return [...everywhere, 'POST', ...changing, 'MKCOL'];
    case 'inbox':
    case 'outbox':
    case 'calendar-home':
    case 'addressbook-home':
    case 'principal':
      return [...everywhere, 'POST', 'PROPPATCH', 'LOCK', 'UNLOCK'];
    default:
      return everywhere;
  }
}

/** The `DAV` header of OPTIONS, with all that the server has (RFC 4918 section 10.1). */
export const fullDavHeader = (context: Pick<DavContext, 'push'>): string =>
  `${davHeader(context)}, calendar-availability`;

/** The `DAV` header of other answers, with what clients look for there. */
export const davHeader = ({ push }: Pick<DavContext, 'push'>): string =>
  [
    '1, 2, 3, access-control, calendar-access, calendar-auto-schedule, calendar-no-timezone, addressbook, extended-mkcol',
    ...(push === undefined ? [] : ['webdav-push']),
  ].join(', ');
