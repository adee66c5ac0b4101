import type { Node } from '../store/node.ts';
import type { Store } from '../store/store.ts';
import type { Privilege } from './privileges.ts';

/** Stored beside the properties of a collection, where no client reads or writes it. */
export const grantsSpace = 'urn:davpulse:acl';
const grantsName = 'grants';

/** An access control element that the owner of a collection set (RFC 3744 section 5.5). */
export interface Grant {
  /** A user, or everybody who has logged in. */
  readonly to: { readonly user: string } | 'authenticated' | 'all';
  readonly kind: 'grant' | 'deny';
  /** Elements as they were named. */
  readonly named: readonly string[];
  readonly privileges: readonly Privilege[];
}

/** The access control elements of a collection, in their order. */
export function grantsOf({ properties }: Pick<Store, 'properties'>, node: Node): readonly Grant[] {
  if (node.properties === 0) return [];
  const stored = properties.all(node.id).find(({ ns }) => ns === grantsSpace);
  // Nothing but `setGrants` writes it.
  return stored === undefined ? [] : (JSON.parse(stored.value) as readonly Grant[]);
}

/** Replaces the access control elements of a collection; inside a transaction. */
export function setGrants(
  { properties }: Pick<Store, 'properties'>,
  node: number,
  grants: readonly Grant[],
): void {
  if (grants.length === 0) properties.remove(node, grantsSpace, grantsName);
  else properties.set(node, grantsSpace, grantsName, JSON.stringify(grants));
}

/** What the elements let a user do: of each privilege the first one that speaks of it decides. */
export function privilegesFor(grants: readonly Grant[], user: string): ReadonlySet<Privilege> {
  const decided = new Map<Privilege, boolean>();
  for (const { to, kind, privileges } of grants) {
    if (typeof to !== 'string' && to.user !== user) continue;
    for (const privilege of privileges) if (!decided.has(privilege)) decided.set(privilege, kind === 'grant');
  }
  return new Set([...decided].filter(([, granted]) => granted).map(([privilege]) => privilege));
}
