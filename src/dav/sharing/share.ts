import { DavpulseError } from '../../errors/index.ts';
import type { ShareOption } from '../options.ts';
import type { Node } from '../store/node.ts';
import type { Store } from '../store/store.ts';
import { locate } from '../tree/locate.ts';

const homes: Readonly<Record<string, string>> = { calendar: 'calendars', addressbook: 'addressbooks' };

/** The home in which a user sees shared collections of this kind. */
export function shareHome(store: Store, kind: string, user: string): Node | undefined {
  const home = homes[kind];
  return home === undefined ? undefined : locate(store, user, [home, user]).resource?.node;
}

/**
 * Shares a collection with a user, changes what the user may do, or ends it when `access` is undefined. Must run
 * inside a transaction. @returns whether the user is one who can have it
 */
export function setShare(
  store: Store,
  collection: Node,
  user: string,
  access: 'read' | 'read-write' | undefined,
  at: number,
): boolean {
  const home = shareHome(store, collection.kind, user);
  if (home === undefined || user === collection.owner) return false;
  const { nodes, log } = store;
  const revision = log.nextRevision();
  const existing = nodes.sharesOf(collection.id).find(({ owner }) => owner === user);
  if (existing !== undefined) {
    if (access === undefined) {
      nodes.remove(existing.id);
      log.bury({ parent: home.id, name: existing.name, at, revision, collection: true });
    } else nodes.setAccess(existing.id, access, revision);
  } else if (access !== undefined) {
    const name = freeName(store, home, `${collection.owner}-${collection.name}`);
    nodes.create({
      parent: home.id,
      name,
      kind: collection.kind,
      owner: user,
      revision,
      at,
      target: collection.id,
      access,
    });
    log.unbury(home.id, name);
  }
  nodes.touch(home.id, revision);
  return true;
}

function freeName(store: Store, home: Node, wanted: string): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? wanted : `${wanted}-${n}`;
    if (store.nodes.child(home.id, name) === undefined) return name;
  }
}

/** Makes the shares of the configuration. @throws DavpulseError DAVPULSE_OPTION_INVALID */
export function applyShares(store: Store, shares: readonly ShareOption[], at: number): void {
  for (const { owner, collection, with: user, access } of shares) {
    const [home = '', name = ''] = collection.split('/');
    const node = locate(store, owner, [home, owner, name]).resource?.node;
    const done = node !== undefined && node.target === null && setShare(store, node, user, access, at);
    if (!done) {
      throw new DavpulseError(
        'DAVPULSE_OPTION_INVALID',
        `cannot share ${collection} of ${owner} with ${user}: both must exist and differ`,
      );
    }
  }
}
