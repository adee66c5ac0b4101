import type { ClientProfile, RequestKind } from '../spec.ts';
import { distinctObjects, type SeenCollections } from './collections-seen.ts';
import { expectedBatches, poissonAbove } from './poisson.ts';
import type { Intervals } from './silence.ts';

/** Requests of one kind in one contact: how many, what they list, and the bodies they carry, in bytes. */
export interface Made {
  readonly kind: RequestKind;
  readonly count: number;
  readonly items: number;
  readonly bodyUp: number;
  readonly bodyDown: number;
}

/** What one contact finds on average in some collections that are alike. */
export interface Look {
  readonly seen: SeenCollections;
  /** How many of them it asks about. */
  readonly count: number;
  /** How likely one shows a new version; objects that a report lists, that are fetched, and by how many multigets. */
  readonly news: number;
  readonly listed: number;
  readonly fetched: number;
  readonly batches: number;
}

/** Polls of a device that nobody pushes: changes of one interval. */
export function looksOfPoll(
  client: ClientProfile,
  collections: readonly SeenCollections[],
  intervals: Intervals,
): Look[] {
  return collections.map((seen) => {
    const { each, perMs, othersPerMs } = seen;
    const mean = (value: (ms: number) => number) =>
      intervals.reduce((sum, { ms, share }) => sum + share * value(ms), 0);
    return {
      seen,
      count: each,
      news: mean((ms) => 1 - Math.exp(-perMs * ms)),
      listed: mean((ms) => distinctObjects(seen, perMs, ms)),
      fetched: mean((ms) => distinctObjects(seen, othersPerMs, ms)),
      batches: mean((ms) => expectedBatches(distinctObjects(seen, othersPerMs, ms), client.multigetBatch)),
    };
  });
}

/**
 * Contacts of a device that is pushed: others' changes come with their own pushes, so what is left to find are the
 * versions that its own writes made. `own`: how likely it wrote since its last contact, and how many changes that makes.
 */
export const looksOfPushed = (
  collections: readonly SeenCollections[],
  own: (seen: SeenCollections) => { readonly news: number; readonly listed: number },
): Look[] => collections.map((seen) => ({ seen, count: seen.each, ...own(seen), fetched: 0, batches: 0 }));

/**
 * The collection that a push was about: its change, and those that came within the window of `windowMs` after it. A share
 * `overtaken` finds that other messages have brought them; what these fetch counts here all the same.
 */
export function lookOfPush(
  { multigetBatch }: ClientProfile,
  seen: SeenCollections,
  windowMs: number,
  ownListed: number,
  overtaken = 0,
): Look {
  const more = seen.othersPerMs * windowMs;
  const others = Math.max(0, seen.group.objects - 1);
  // The first change is one object; those that come after it may touch the same.
  const fetched = 1 + (others === 0 ? 0 : others * (1 - Math.exp(-more / (others + 1))));
  let batches = 1;
  for (let count = multigetBatch; poissonAbove(count - 1, more) > 1e-9; count += multigetBatch)
    batches += poissonAbove(count - 1, more);
  const news = 1 - overtaken;
  return { seen, count: 1, news, listed: fetched + ownListed, fetched, batches: batches * news };
}

/** What a contact sends; `checks`: whether it asks first what there is. */
export function requestsOf(client: ClientProfile, looks: readonly Look[], checks: boolean): Made[] {
  const places = looks.reduce((sum, { count }) => sum + count, 0);
  const report = client.report ?? 'sync-collection';
  const made: Made[] = [];
  if (checks && client.check !== 'none') {
    const asked = client.check === 'home' ? 1 : places;
    const items = client.check === 'home' ? places : 0;
    made.push({ kind: client.check, count: asked, items, bodyUp: 0, bodyDown: 0 });
  }
  for (const { seen, count, news, listed, fetched, batches } of looks) {
    const reports = checks && client.check !== 'none' ? news : 1;
    const bodies = count * fetched * seen.objectBytes;
    const inline = client.inline === true;
    made.push({
      kind: report,
      count: count * reports,
      items: count * (report === 'list' ? seen.group.objects * reports : listed),
      bodyUp: 0,
      bodyDown: inline ? bodies : 0,
    });
    if (inline) continue;
    made.push({
      kind: 'multiget',
      count: count * batches,
      items: count * fetched,
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
