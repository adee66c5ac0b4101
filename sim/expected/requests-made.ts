import type { ClientProfile, RequestKind } from '../spec.ts';
import { distinctObjects, type SeenCollections } from './collections-seen.ts';
import { expectedBatches } from './poisson.ts';

/** Requests of one kind in one contact: how many, what they list, and the bodies they carry, in bytes. */
export interface Made {
  readonly kind: RequestKind;
  readonly count: number;
  readonly items: number;
  readonly bodyUp: number;
  readonly bodyDown: number;
}

/** What one contact of a device that polls every `periodMs` sends on average. */
export function requestsOfContact(
  client: ClientProfile,
  collections: readonly SeenCollections[],
  periodMs: number,
): Made[] {
  const places = collections.reduce((sum, { each }) => sum + each, 0);
  const report = client.report ?? 'sync-collection';
  const made: Made[] = [];
  if (client.check !== 'none') {
    const asked = client.check === 'home' ? 1 : places;
    made.push({ kind: client.check, count: asked, items: asked === 1 ? places : 0, bodyUp: 0, bodyDown: 0 });
  }
  for (const seen of collections) {
    const { each, group, objectBytes, perMs, othersPerMs } = seen;
    const news = client.check === 'none' ? 1 : 1 - Math.exp(-perMs * periodMs);
    const fetched = distinctObjects(seen, othersPerMs, periodMs);
    const listed = report === 'list' ? group.objects * news : distinctObjects(seen, perMs, periodMs);
    const bodies = each * fetched * objectBytes;
    const inline = client.inline === true;
    made.push({
      kind: report,
      count: each * news,
      items: each * listed,
      bodyUp: 0,
      bodyDown: inline ? bodies : 0,
    });
    if (inline) continue;
    const batches = expectedBatches(fetched, client.multigetBatch);
    made.push({
      kind: 'multiget',
      count: each * batches,
      items: each * fetched,
      bodyUp: 0,
      bodyDown: bodies,
    });
  }
  return made;
}

/** What a device sends for its own writes, on average for one. */
export function requestsOfWrite(collections: readonly SeenCollections[]): Made[] {
  const total = collections.reduce((sum, { each, ownPerMs }) => sum + each * ownPerMs, 0);
  if (total === 0) return [];
  const bodyUp =
    collections.reduce((sum, seen) => sum + seen.each * seen.ownPerMs * seen.objectBytes, 0) / total;
  return [{ kind: 'put', count: 1, items: 1, bodyUp, bodyDown: 0 }];
}
