import type { Privilege } from '../acl/privileges.ts';
import type { Node } from '../store/node.ts';

/** What a user may do with a resource. */
export type Access = 'none' | 'read' | 'write' | 'all';

/** A node as one user meets it at one path. */
export interface Resource {
  /** The node at this path; a share's own node, with the sharee's own properties. */
  readonly node: Node;
  /** The node whose members it shows: that of the owner for a share, else `node`. */
  readonly content: Node;
  readonly segments: readonly string[];
  /** Canonical and percent-encoded; collections end in a slash. */
  readonly path: string;
  readonly access: Access;
  /** Of the collections of others: what their owner granted; undefined where that is nothing. */
  readonly granted: ReadonlySet<Privilege> | undefined;
  readonly parent: Resource | undefined;
}

const rank: Readonly<Record<Access, number>> = { none: 0, read: 1, write: 2, all: 3 };

/** Whether `access` includes `wanted`. */
export const allows = (access: Access, wanted: Access): boolean => rank[access] >= rank[wanted];
