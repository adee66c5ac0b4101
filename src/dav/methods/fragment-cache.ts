import type { Node } from '../store/node.ts';

/** The parts of listings, by the node that each tells of; a node that changes is another object. */
export type Fragments = WeakMap<Node, string>;

/** How many kinds of listing are kept: one for each collection, user and set of properties. */
const mostKinds = 32;

/** Finds the parts of a listing that were put together before, so that a change costs one part and not all of them. */
export function createFragmentCache(): (kind: string) => Fragments {
  const kinds = new Map<string, Fragments>();
  return (kind) => {
    const fragments = kinds.get(kind) ?? new WeakMap<Node, string>();
    kinds.delete(kind);
    kinds.set(kind, fragments);
    for (const oldest of kinds.keys()) {
      if (kinds.size <= mostKinds) break;
      kinds.delete(oldest);
    }
    return fragments;
  };
}
