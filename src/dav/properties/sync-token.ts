import type { Store } from '../store/store.ts';
import type { Node } from '../store/node.ts';

const prefix = 'urn:davpulse:sync:';

/** The sync token of a collection at a revision: a URI, as RFC 6578 section 4 wants it. */
export const syncTokenAt = (store: Store, node: Node, revision: number): string =>
  `${prefix}${store.log.storeName}:${node.id}:${revision}`;

/** The revision that a token stands for; undefined when this collection did not give it or forgot what came after. */
export function revisionOf(store: Store, node: Node, token: string): number | undefined {
  const head = `${prefix}${store.log.storeName}:${node.id}:`;
  if (!token.startsWith(head) || !/^\d{1,15}$/.test(token.slice(head.length))) return undefined;
  const revision = Number(token.slice(head.length));
  return revision > node.revision || revision < node.floor ? undefined : revision;
}
