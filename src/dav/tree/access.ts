import type { Node } from '../store/node.ts';
import type { Access, Resource } from './resource.ts';

/** What `user` may do with `node` found below `parent`: own trees wholly, shares as granted, principals to look at. */
export function accessOf(user: string, node: Node, parent: Resource | undefined): Access {
  switch (node.kind) {
    case 'root':
    case 'principals':
    case 'calendar-homes':
    case 'addressbook-homes':
    case 'file-homes':
      return 'read';
    case 'principal':
      return node.name === user ? 'all' : 'read';
    default:
      break;
  }
  // Members of a shared collection belong to its owner; what the sharee may do was granted for the collection.
  if (parent !== undefined && parent.node.target !== null) return shareAccess(parent.node);
  if (node.owner === user) return 'all';
  return 'none';
}

/** What a share lets its user do with the members of the collection. */
export const shareAccess = (share: Node): Access => (share.access === 'read-write' ? 'write' : 'read');
