import { grantsOf, privilegesFor } from '../acl/grants.ts';
import { mayWrite, type Privilege } from '../acl/privileges.ts';
import type { Node } from '../store/node.ts';
import type { Store } from '../store/store.ts';
import type { Access, Resource } from './resource.ts';

/** What a user may do with a resource, and what of it the owner granted by an access control list. */
export type Rights = Pick<Resource, 'access' | 'granted'>;

const rights = (access: Access): Rights => ({ access, granted: undefined });
// One each: long listings ask for the rights of every member.
const ungranted: Readonly<Record<Access, Rights>> = {
  none: rights('none'),
  read: rights('read'),
  write: rights('write'),
  all: rights('all'),
};

/** What `user` may do with `node` found below `parent`: own trees wholly, others' as granted, principals to look at. */
export function rightsOf(store: Store, user: string, node: Node, parent: Resource | undefined): Rights {
  switch (node.kind) {
    case 'root':
    case 'principals':
    case 'calendar-homes':
    case 'addressbook-homes':
    case 'file-homes':
      return ungranted.read;
    case 'principal':
      return ungranted[node.name === user ? 'all' : 'read'];
    default:
      break;
  }
  // Members of a shared collection belong to its owner; what the sharee may do was granted for the collection.
  if (parent !== undefined && parent.node.target !== null) return ungranted[shareAccess(parent.node)];
  if (node.owner === user) return ungranted.all;
  return grantedRights(store, user, node, parent);
}

const controlled: ReadonlySet<Node['kind']> = new Set(['calendar', 'addressbook', 'folder']);

/** What is in a collection that another user opened goes by what was granted for that. */
function grantedRights(store: Store, user: string, node: Node, parent: Resource | undefined): Rights {
  const inherited = parent?.node.owner === node.owner ? parent.granted : undefined;
  if (node.kind === 'object') return accessBy(inherited);
  if (!controlled.has(node.kind)) return ungranted.none;
  const own = grantsOf(store, node);
  return accessBy(own.length === 0 ? inherited : privilegesFor(own, user));
}

function accessBy(granted: ReadonlySet<Privilege> | undefined): Rights {
  if (granted === undefined || granted.size === 0) return ungranted.none;
  const read: Access = granted.has('read') ? 'read' : 'none';
  return { access: read === 'read' && mayWrite(granted) ? 'write' : read, granted };
}

/** What a share lets its user do with the members of the collection. */
export const shareAccess = (share: Node): Access => (share.access === 'read-write' ? 'write' : 'read');
