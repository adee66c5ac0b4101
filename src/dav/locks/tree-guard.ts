import type { DavContext } from '../context.ts';
import { isCollection } from '../store/node.ts';
import { memberResource } from '../tree/locate.ts';
import type { Resource } from '../tree/resource.ts';
import { requireUnlocked } from './guard.ts';

/** Checks a resource, the collection it is in, and all below it: for removing or replacing it. @throws Refusal 423 */
export function requireTreeUnlocked(
  context: DavContext,
  user: string,
  resource: Resource,
  shown: ReadonlySet<string>,
): void {
  if (context.locks.empty) return;
  if (resource.parent !== undefined) requireUnlocked(context, user, resource.parent, shown);
  const visit = (at: Resource): void => {
    requireUnlocked(context, user, at, shown);
    if (!isCollection(at.content) || at.node.target !== null) return;
    for (const node of context.store.nodes.members(at.content.id)) {
      visit(memberResource(context.store, user, at, node));
    }
  };
  visit(resource);
}
