import { BoundedMap } from '../bounded-map.ts';
import { isWhole, type Answer } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { propertyKey } from '../properties/property.ts';
import type { Selection } from '../properties/selection.ts';
import type { Resource } from '../tree/resource.ts';

/** Properties that depend on nothing but what raises a collection's revision. */
const settled = new Set(
  [
    'getetag',
    'getcontenttype',
    'getcontentlength',
    'getlastmodified',
    'creationdate',
    'resourcetype',
    'displayname',
  ].map((name) => propertyKey('DAV:', name)),
);

interface Entry {
  readonly revision: number;
  readonly answer: Answer;
}

const maxBytes = 16_000_000;

/**
 * Keeps the listings that clients without sync tokens ask for over and over, for as long as nothing in the
 * collection changes. Bounded by size; the listing not used for longest goes first.
 */
export interface ListingCache {
  get(key: string, revision: number): Answer | undefined;
  put(key: string, revision: number, answer: Answer): void;
}

export function createListingCache(): ListingCache {
  const entries = new BoundedMap<string, Entry>(maxBytes);
  return {
    get: (key, revision) => {
      const entry = entries.get(key);
      if (entry?.revision === revision) return entry.answer;
      entries.delete(key);
      return undefined;
    },
    put: (key, revision, answer) => {
      entries.delete(key);
      if (answer.body === undefined || !isWhole(answer.body)) return;
      const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
      entries.set(key, { revision, answer: { ...answer, body } }, body.length);
    },
  };
}

/** What the listing of a collection shows, whatever its request looks like; undefined when it depends on more. */
export function listingKind(
  { user, preferences }: Exchange,
  resource: Resource,
  selection: Selection,
): string | undefined {
  const { kind, id } = resource.content;
  if ((kind !== 'calendar' && kind !== 'addressbook') || resource.node !== resource.content) return undefined;
  if (selection.kind !== 'prop') return undefined;
  const names = selection.wanted.map(({ ns, name }) => propertyKey(ns, name));
  if (!names.every((name) => settled.has(name))) return undefined;
  return [id, user, resource.path, preferences.minimal, ...names].join('\n');
}
