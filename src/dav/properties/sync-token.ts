import type { Store } from '../store/store.ts';
import type { Node } from '../store/node.ts';

const prefix = 'urn:davpulse:sync:';

/** The sync token of a collection at a revision: a URI, as RFC 6578 section 4 wants it. */
export const syncTokenAt = (store: Store, node: Node, revision: number): string =>
  `${prefix}${store.log.storeName}:${node.id}:${revision}`;

/** How far a client has come: all before `revision`, and of it what is not beyond `after`, where that is given. */
export interface SyncPosition {
  readonly revision: number;
  /** Path below the collection of the last member told, when a page ended between changes of one revision. */
  readonly after: string | undefined;
}

export const syncTokenWithin = (store: Store, node: Node, revision: number, after: string): string =>
  `${syncTokenAt(store, node, revision)}/${encodeURIComponent(after)}`;

/** The position that a token stands for; undefined as for `revisionOf`. */
export function positionOf(store: Store, node: Node, token: string): SyncPosition | undefined {
  const slash = token.indexOf('/', prefix.length);
  const revision = revisionOf(store, node, slash < 0 ? token : token.slice(0, slash));
  if (revision === undefined || slash < 0)
    return revision === undefined ? undefined : { revision, after: undefined };
  try {
    return { revision, after: decodeURIComponent(token.slice(slash + 1)) };
  } catch {
    return undefined;
  }
}

/** The revision that a token stands for; undefined when this collection did not give it or forgot what came after. */
function revisionOf(store: Store, node: Node, token: string): number | undefined {
  const head = `${prefix}${store.log.storeName}:${node.id}:`;
  if (!token.startsWith(head) || !/^\d{1,15}$/.test(token.slice(head.length))) return undefined;
  const revision = Number(token.slice(head.length));
  return revision > node.revision || revision < node.floor ? undefined : revision;
}
