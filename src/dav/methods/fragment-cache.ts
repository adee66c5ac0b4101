import { BoundedMap } from '../bounded-map.ts';
import type { Node } from '../store/node.ts';

/** The parts of listings, by the node that each tells of; a node that changes is another object. */
export type Fragments = WeakMap<Node, string>;

/** How many kinds of listing are kept: one for each collection, user and set of properties. */
const mostKinds = 32;

/** Finds the parts of a listing that were put together before, so that a change costs one part and not all of them. */
export function createFragmentCache(): (kind: string) => Fragments {
  const kinds = new BoundedMap<string, Fragments>(mostKinds);
  return (kind) => {
    const known = kinds.get(kind);
    if (known !== undefined) return known;
    const fragments: Fragments = new WeakMap();
    kinds.set(kind, fragments, 1);
    return fragments;
  };
}
