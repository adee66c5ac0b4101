import { flatText } from '../../xml/index.ts';

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

export function createDataCache(): DataCache {
  const entries = new Map<number, Entry>();
  let length = 0;
  const drop = (id: number): void => {
    length -= entries.get(id)?.text.length ?? 0;
    entries.delete(id);
  };
  return {
    get: (id, revision, make) => {
      const entry = entries.get(id);
      if (entry?.revision === revision) {
        entries.delete(id);
        entries.set(id, entry);
        return entry.text;
      }
      drop(id);
      const text = flatText(make());
      if (text.length > longestText) return text;
      entries.set(id, { revision, text });
      length += text.length;
      for (const oldest of entries.keys()) {
        if (length <= maxLength) break;
        drop(oldest);
      }
      return text;
    },
  };
}
