import type { DavContext } from '../context.ts';
import { setGrants } from '../acl/grants.ts';
import { isCollection, type Node } from '../store/node.ts';

export interface CopyTarget {
  readonly parent: Node;
  readonly name: string;
  /** Whether members of a collection are copied as well. */
  readonly deep: boolean;
}

/** Copies a node with its properties; inside a transaction, where nothing is at the target. */
export function copyTree(context: DavContext, source: Node, { parent, name, deep }: CopyTarget): number {
  const { nodes, properties, log } = context.store;
  const at = context.now();
  // One each: a page of sync-collection cannot end between changes of one revision.
  const revision = log.nextRevision();
  const id = nodes.create({ parent: parent.id, name, kind: source.kind, owner: parent.owner, revision, at });
  log.unbury(parent.id, name);
  if (!isCollection(source)) {
    const { type, uid, component, starts, ends, exact, scheduleTag } = source;
    const facts = { type, uid, component, starts, ends, exact: exact === 1, scheduleTag };
    nodes.write(id, nodes.body(source.id), facts, revision, at);
  }
  if (source.properties === 1) {
    properties.copy(source.id, id);
    // A copy is as open to others as a new resource (RFC 3744 section 7.4).
    setGrants(context.store, id, []);
  }
  const made = nodes.byId(id);
  if (deep && isCollection(source) && made !== undefined) {
    for (const member of nodes.members(source.id)) {
      copyTree(context, member, { parent: made, name: member.name, deep });
    }
  }
  nodes.touch(id, log.nextRevision());
  return id;
}

/** Gives a moved tree to the owner of where it is now. */
export function changeOwner(context: DavContext, node: Node, owner: string): void {
  if (node.owner === owner) return;
  const { nodes } = context.store;
  nodes.setOwner(node.id, owner);
  if (node.properties === 1) setGrants(context.store, node.id, []);
  if (isCollection(node)) for (const member of nodes.members(node.id)) changeOwner(context, member, owner);
}
