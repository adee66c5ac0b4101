import { flatText } from '../../xml/index.ts';
import { BoundedMap } from '../bounded-map.ts';

/**
 * Object data as it stands in answers. When a change is pushed, everybody who shows the collection fetches the same
 * few objects. Bounded by size; what was not used for longest goes first.
 */
export interface DataCache {
  /** `make` runs when this revision of the object is not at hand. */
  get(id: number, revision: number, make: () => string): string;
}

interface Entry {
  readonly revision: number;
  readonly text: string;
}

const maxLength = 8_000_000;
const longestText = 64_000;
/** How many objects are remembered as asked for once. */
const mostSeen = 1024;

export function createDataCache(): DataCache {
  const entries = new BoundedMap<number, Entry>(maxLength);
  const seen = new BoundedMap<number, number>(mostSeen);
  return {
    get: (id, revision, make) => {
      const entry = entries.get(id);
      if (entry?.revision === revision) return entry.text;
      entries.delete(id);
      // Who lists a whole collection asks for each object once: that would put everything else out of the cache.
      if (seen.get(id) !== revision) {
        seen.set(id, revision, 1);
        return make();
      }
      const text = flatText(make());
      if (text.length <= longestText) entries.set(id, { revision, text }, text.length);
      return text;
    },
  };
}
