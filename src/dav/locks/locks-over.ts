import type { DavContext } from '../context.ts';
import type { Resource } from '../tree/resource.ts';
import type { Lock } from './lock-table.ts';

/** Locks on a resource and the locks of unlimited depth on what it is in. */
export function locksOver(context: DavContext, resource: Resource): Lock[] {
  const at = context.now();
  const found = [...context.locks.onNode(resource.content.id, at)];
  for (let above = resource.parent; above !== undefined; above = above.parent) {
    found.push(...context.locks.onNode(above.content.id, at).filter(({ depth }) => depth === 'infinity'));
  }
  return found;
}
