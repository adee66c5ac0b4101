import { findChanges } from './find-changes.ts';
import { multiget, type FetchedObject } from './multiget.ts';
import { readSyncToken } from './read-tokens.ts';
import type { Replica } from './replica.ts';
import type { Session } from './session.ts';
import type { SyncHabits } from './sync-habits.ts';
import { unchanged } from './sync-report.ts';

/** What one sync of one collection brought. */
export interface SyncOutcome {
  readonly fetched: readonly FetchedObject[];
  /** Shown as changed, but held already in that version: the device's own writes. */
  readonly known: readonly string[];
  /** Shown as gone, whether they were held or not. */
  readonly removed: readonly string[];
}

const nothing: SyncOutcome = { fetched: [], known: [], removed: [] };

/**
 * Brings a replica to the server's state: the check that the client makes first, the way it finds changes, then the
 * bodies in batches. The token moves only when everything it stands for is there, so a sync that fails halfway is
 * made up for by the next. `homeToken` is what a look at the whole home showed for this collection.
 * @throws DavpulseError or the socket's error
 */
export async function syncReplica(
  session: Session,
  replica: Replica,
  habits: SyncHabits,
  homeToken?: string,
): Promise<SyncOutcome> {
  const shown =
    habits.check === 'sync-token'
      ? ((await readSyncToken(session, replica, habits.asksPace)) ?? '')
      : (homeToken ?? '');
  if (shown !== '' && shown === replica.token) return nothing;
  const differences = await findChanges(session, replica, habits, shown);
  if (differences === unchanged) return nothing;
  const { changed, removed, objects, token } = differences;
  const held = (path: string): boolean => replica.etags.get(path) === changed.get(path);
  const known = [...changed.keys()].filter(held);
  for (const path of removed) replica.etags.delete(path);
  const inline = objects.filter(({ href }) => !held(href));
  keep(replica, inline);
  const wanted = [...changed.keys()].filter((path) => !held(path));
  const fetched = await fetchInBatches(session, replica, habits, wanted);
  replica.token = token;
  return { fetched: [...inline, ...fetched], known, removed };
}

async function fetchInBatches(
  session: Session,
  replica: Replica,
  { multigetBatch, concurrency }: SyncHabits,
  wanted: readonly string[],
): Promise<FetchedObject[]> {
  if (wanted.length === 0) return [];
  const fetched: FetchedObject[] = [];
  let start = 0;
  const lane = async (): Promise<void> => {
    while (start < wanted.length) {
      const batch = wanted.slice(start, start + multigetBatch);
      start += multigetBatch;
      const objects = await multiget(session, replica.kind, replica.path, batch);
      keep(replica, objects);
      fetched.push(...objects);
    }
  };
  const lanes = Math.min(concurrency, Math.ceil(wanted.length / multigetBatch));
  await Promise.all(Array.from({ length: lanes }, lane));
  return fetched;
}

function keep(replica: Replica, objects: readonly FetchedObject[]): void {
  for (const { href, etag } of objects) replica.etags.set(href, etag);
}
