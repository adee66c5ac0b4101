import type { DavContext } from '../context.ts';
import { isCollection, type Node } from '../store/node.ts';

/** Marks all that is below a node as changed, as it is under other paths now; inside a transaction. */
export function touchTree(context: DavContext, node: Node, revision: number): void {
  const { nodes } = context.store;
  if (node.target !== null || !isCollection(node)) return;
  for (const member of nodes.members(node.id)) {
    nodes.touch(member.id, revision);
    touchTree(context, member, revision);
  }
}
