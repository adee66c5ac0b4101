import { listMembers, queryMembers } from './list-members.ts';
import type { FetchedObject } from './multiget.ts';
import type { Replica } from './replica.ts';
import type { Session } from './session.ts';
import type { SyncHabits } from './sync-habits.ts';
import { syncReport, tokenInvalid, unchanged } from './sync-report.ts';

/** How a replica differs from the server, as far as the client's way of asking shows. */
export interface Differences {
  /** ETag by path; may hold versions that the replica has already. */
  readonly changed: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
  /** Bodies that came with the report. */
  readonly objects: readonly FetchedObject[];
  /** The token that the replica has reached with these. */
  readonly token: string;
}

const pastDays = 90;
const dayMs = 86_400_000;

/** Asks what is new. `seenToken` is what a check before showed, for ways of asking that show none. */
export function findChanges(
  session: Session,
  replica: Replica,
  habits: SyncHabits,
  seenToken: string,
): Promise<Differences | typeof unchanged> {
  // Time ranges are a matter of calendars; clients that query these use the report for address books.
  const queries = habits.report === 'query' && replica.kind === 'calendar';
  return habits.report !== 'list' && !queries
    ? collectReport(session, replica, habits.inline)
    : collectList(session, replica, queries, seenToken);
}

async function collectList(
  session: Session,
  replica: Replica,
  queries: boolean,
  seenToken: string,
): Promise<Differences> {
  const members = queries
    ? await queryMembers(session, replica.path, new Date(Date.now() - pastDays * dayMs))
    : await listMembers(session, replica.path);
  const removed = [...replica.etags.keys()].filter((path) => !members.has(path));
  return { changed: members, removed, objects: [], token: seenToken };
}

/** All pages of the report; from the start again when the server has forgotten the token. */
async function collectReport(
  session: Session,
  replica: Replica,
  inline: boolean,
): Promise<Differences | typeof unchanged> {
  const changed = new Map<string, string>();
  const removed = new Set<string>();
  const objects: FetchedObject[] = [];
  let token = replica.token;
  let fromStart = token === '';
  for (;;) {
    const page = await syncReport(session, replica, token, inline);
    // Only the first page asks what was asked before, so nothing is left out here.
    if (page === unchanged) return unchanged;
    if (page === tokenInvalid) {
      changed.clear();
      removed.clear();
      token = '';
      fromStart = true;
      continue;
    }
    for (const [path, etag] of page.changed) {
      changed.set(path, etag);
      removed.delete(path);
    }
    for (const path of page.removed) {
      changed.delete(path);
      removed.add(path);
    }
    objects.push(...page.objects);
    // A server that claims more without moving its token would keep the client here for ever.
    if (!page.truncated || page.token === token) {
      const gone = fromStart ? [...replica.etags.keys()].filter((path) => !changed.has(path)) : [];
      return { changed, removed: [...removed, ...gone], objects, token: page.token };
    }
    token = page.token;
  }
}
