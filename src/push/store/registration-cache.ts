import type { Registration } from './records.ts';
import type { SubscriptionStore } from './subscriptions.ts';

/** Registrations by resource, read once and kept while a resource is busy. */
export interface RegistrationCache {
  of(resource: number): ReadonlyMap<number, Registration>;
  /** Forgets everything: to be called after any write to subscriptions or registrations. */
  clear(): void;
}

export function createRegistrationCache(
  store: Pick<SubscriptionStore, 'ofResource'>,
  capacity = 200_000,
): RegistrationCache {
  const byResource = new Map<number, ReadonlyMap<number, Registration>>();
  let kept = 0;
  const clear = (): void => {
    byResource.clear();
    kept = 0;
  };
  return {
    of(resource) {
      const cached = byResource.get(resource);
      if (cached !== undefined) return cached;
      if (kept >= capacity) clear();
      const loaded = new Map(
        store.ofResource(resource).map((registration) => [registration.id, registration]),
      );
      byResource.set(resource, loaded);
      kept += loaded.size + 1;
      return loaded;
    },
    clear,
  };
}
