import type { Node } from '../store/node.ts';
import type { Store } from '../store/store.ts';

/**
 * Tells of members that are listed now what each is when its turn comes, undefined of those gone by then: a long answer
 * is made while the client takes it, and others write meanwhile.
 */
export function asTheyAre({ log, nodes }: Store): (member: Node) => Node | undefined {
  const listed = log.current();
  const newest = nodes.newest();
  return (member) => {
    if (log.current() === listed) return member;
    // What was made since may stand in the place of something that was told already.
    if (member.id > newest) return undefined;
    const node = nodes.byId(member.id);
    return node?.parent === member.parent ? node : undefined;
  };
}
