import type { Node } from '../store/node.ts';
import type { Store } from '../store/store.ts';

/**
 * Members that were listed, each as it is when its turn comes, without those gone by then: a long answer is made while
 * the client takes it, and others write meanwhile.
 */
export function* asTheyAre({ log, nodes }: Store, members: Iterable<Node>): Generator<Node> {
  const listed = log.current();
  for (const member of members) {
    const node = log.current() === listed ? member : nodes.byId(member.id);
    if (node?.parent === member.parent) yield node;
  }
}
