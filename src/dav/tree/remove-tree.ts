import type { DavContext } from '../context.ts';
import { isCollection, type Node } from '../store/node.ts';

/** Removes a node, all below it, and the shares that show it. Must run inside a transaction. */
export function removeTree(context: DavContext, node: Node, revision: number): void {
  const { nodes, log } = context.store;
  if (node.target === null && isCollection(node)) {
    for (const member of nodes.members(node.id)) removeTree(context, member, revision);
    for (const share of nodes.sharesOf(node.id)) {
      log.bury({ parent: share.parent, name: share.name, at: context.now(), revision, collection: true });
      nodes.touch(share.parent, revision);
      nodes.remove(share.id);
    }
  }
  context.locks.removeNode(node.id);
  nodes.remove(node.id);
}
