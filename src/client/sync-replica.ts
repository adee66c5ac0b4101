import { multiget, type FetchedObject } from './multiget.ts';
import type { Replica } from './replica.ts';
import type { Session } from './session.ts';
import { readSyncToken, syncReport, tokenInvalid } from './sync-report.ts';

/** How a client syncs one collection; the fields of ClientProfile that matter here. */
export interface SyncHabits {
  readonly check: 'none' | 'sync-token';
  readonly multigetBatch: number;
}

/** What one sync of one collection brought. */
export interface SyncOutcome {
  readonly fetched: readonly FetchedObject[];
  /** Reported as changed, but held already in that version: the device's own writes. */
  readonly known: readonly string[];
  readonly removed: readonly string[];
}

const nothing: SyncOutcome = { fetched: [], known: [], removed: [] };

/**
 * Brings a replica to the server's state: the check that the client makes first, the report page by page, then
 * the bodies in batches. The token moves only when everything it stands for is there, so a sync that fails
 * halfway is made up for by the next. @throws DavpulseError or the socket's error
 */
export async function syncReplica(
  session: Session,
  replica: Replica,
  habits: SyncHabits,
): Promise<SyncOutcome> {
  if (habits.check === 'sync-token' && replica.token !== '') {
    if ((await readSyncToken(session, replica.path)) === replica.token) return nothing;
  }
  const report = await collectReport(session, replica);
  const wanted = [...report.changed].filter(([href, etag]) => replica.etags.get(href) !== etag);
  const known = [...report.changed.keys()].filter(
    (href) => replica.etags.get(href) === report.changed.get(href),
  );
  const removed = report.removed.filter((href) => replica.etags.delete(href));
  const fetched: FetchedObject[] = [];
  for (let start = 0; start < wanted.length; start += habits.multigetBatch) {
    const batch = wanted.slice(start, start + habits.multigetBatch).map(([href]) => href);
    for (const object of await multiget(session, replica.kind, replica.path, batch)) {
      replica.etags.set(object.href, object.etag);
      fetched.push(object);
    }
  }
  replica.token = report.token;
  return { fetched, known, removed };
}

interface WholeReport {
  readonly changed: Map<string, string>;
  readonly removed: readonly string[];
  readonly token: string;
}

/** All pages of the report; from the start again when the server has forgotten the token. */
async function collectReport(session: Session, replica: Replica): Promise<WholeReport> {
  const changed = new Map<string, string>();
  const removed = new Set<string>();
  let token = replica.token;
  let fromStart = token === '';
  for (;;) {
    const page = await syncReport(session, replica.path, token);
    if (page === tokenInvalid) {
      changed.clear();
      removed.clear();
      token = '';
      fromStart = true;
      continue;
    }
    for (const [href, etag] of page.changed) {
      changed.set(href, etag);
      removed.delete(href);
    }
    for (const href of page.removed) {
      changed.delete(href);
      removed.add(href);
    }
    // A server that claims more without moving its token would keep the client here for ever.
    if (!page.truncated || page.token === token) {
      const gone = fromStart ? [...replica.etags.keys()].filter((href) => !changed.has(href)) : [];
      return { changed, removed: [...removed, ...gone], token: page.token };
    }
    token = page.token;
  }
}
