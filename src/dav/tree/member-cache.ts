import { BoundedMap } from '../bounded-map.ts';
import type { Node } from '../store/node.ts';
import type { Store } from '../store/store.ts';

/** Lists the members of collections without reading those anew that did not change since the last time. */
export type MemberCache = (collection: Node) => Iterable<Node>;

interface Entry {
  revision: number;
  readonly members: Map<string, Node>;
}

/** Nodes of all lists together; one takes about half a kilobyte. */
const mostNodes = 20_000;
/** Few enough that what was read of a page is garbage before it counts as old. */
const pageSize = 100;

function* pages(nodes: Store['nodes'], { id }: Node): Generator<Node> {
  let page = nodes.page(id, '', pageSize);
  while (page.length > 0) {
    yield* page;
    page = nodes.page(id, page.at(-1)?.name ?? '', pageSize);
  }
}

/**
 * Keeps the lists that were read last and brings them up to date from the change log, as a client with a sync token
 * does. Not for use inside a transaction, whose changes the revision of the collection does not show yet.
 */
export function createMemberCache({ nodes, log }: Store): MemberCache {
  const entries = new BoundedMap<number, Entry>(mostNodes);

  const read = ({ id, revision }: Node): Entry | undefined => {
    if (nodes.hasMore(id, mostNodes)) return undefined;
    const found = nodes.page(id, '', mostNodes);
    found.sort((a, b) => a.id - b.id);
    return { revision, members: new Map(found.map((node) => [node.name, node])) };
  };
  const update = (entry: Entry, { id, revision }: Node): void => {
    // A long answer that is being made of the list goes on with what it is now, which a Map allows.
    for (const change of log.since(id, entry.revision, -1)) {
      const node = change.id === null ? undefined : nodes.byId(change.id);
      if (node === undefined) entry.members.delete(change.name);
      else entry.members.set(change.name, node);
    }
    entry.revision = revision;
  };

  return (collection) => {
    const { id, revision, floor } = collection;
    const known = entries.get(id);
    // What was removed before the floor is no longer told.
    const entry = known !== undefined && known.revision >= floor ? known : read(collection);
    if (entry === undefined) {
      entries.delete(id);
      return pages(nodes, collection);
    }
    if (entry.revision !== revision) update(entry, collection);
    entries.set(id, entry, entry.members.size);
    return entry.members.values();
  };
}
