import type { Importance } from '../../../sim/index.ts';
import type { PropertyName } from '../../push/index.ts';
import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Node } from '../store/node.ts';

export interface Change {
  /** The collection whose member was written or removed, or the resource whose properties changed. */
  readonly node: Node;
  readonly kind: 'content' | 'property';
  readonly revision: number;
  readonly properties?: readonly PropertyName[];
  readonly importance?: Importance;
  /** The node is a collection that goes with this change. */
  readonly removed?: true;
}

const aboveUsers = new Set(['root', 'principals', 'calendar-homes', 'addressbook-homes', 'file-homes']);

/**
 * Marks a change all the way up, in every home that shows the collection, and hands it to push. Must run inside
 * the transaction of the change.
 */
export function recordChange(
  context: DavContext,
  exchange: Pick<Exchange, 'user' | 'dontNotify'>,
  change: Change,
): void {
  const { nodes } = context.store;
  const at = context.now();
  const above: number[] = [];
  const climb = (from: Node | undefined): void => {
    for (let node = from; node !== undefined && !aboveUsers.has(node.kind); node = nodes.byId(node.parent)) {
      nodes.change(node.id, change.revision, at);
      above.push(node.id);
    }
  };
  nodes.change(change.node.id, change.revision, at);
  climb(nodes.byId(change.node.parent));
  for (const share of nodes.sharesOf(change.node.id)) {
    nodes.change(share.id, change.revision, at);
    climb(nodes.byId(share.parent));
  }
  context.push?.record({
    collectionId: change.node.id,
    kind: change.kind,
    importance: change.importance ?? 'normal',
    at,
    dontNotify: exchange.dontNotify,
    user: exchange.user,
    above,
    ...(change.removed === undefined ? {} : { removed: change.removed }),
    ...(change.properties === undefined ? {} : { properties: change.properties }),
  });
}
