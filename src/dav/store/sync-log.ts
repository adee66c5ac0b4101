import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { prepare } from './statements.ts';

/** Few enough that what was read of a page is garbage before it counts as old. */
const pageSize = 100;

/** A member that changed or went after a revision. */
export interface LoggedChange {
  readonly name: string;
  /** undefined when the member was removed. */
  readonly id: number | null;
  readonly revision: number;
  /** Whether it is, or was, a collection: 0 or 1. */
  readonly collection: number;
}

export interface RemovedMember {
  readonly parent: number;
  readonly name: string;
  readonly at: number;
  readonly revision: number;
  readonly collection: boolean;
}

/** The revision counter and the memory of removed members (RFC 6578). */
export function createSyncLog(db: DatabaseSync) {
  const meta = prepare<{ value: string }>(db, 'SELECT value FROM meta WHERE key = ?');
  const setMeta = prepare(
    db,
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const highest = prepare<{ revision: number | null }>(
    db,
    'SELECT max((SELECT ifnull(max(revision), 0) FROM node), (SELECT ifnull(max(revision), 0) FROM tombstone)) AS revision',
  );
  const bury = prepare(
    db,
    'INSERT INTO tombstone (parent, name, revision, at, collection) VALUES (?, ?, ?, ?, ?) ON CONFLICT (parent, name) DO UPDATE SET revision = excluded.revision, at = excluded.at, collection = excluded.collection',
  );
  const unbury = prepare(db, 'DELETE FROM tombstone WHERE parent = ? AND name = ?');
  const since = prepare<LoggedChange>(
    db,
    `SELECT name, id, revision, kind <> 'object' AS collection FROM node WHERE parent = ?1 AND revision > ?2
     UNION ALL SELECT name, NULL, revision, collection FROM tombstone WHERE parent = ?1 AND revision > ?2
     ORDER BY revision, name LIMIT ?3`,
  );
  const onPage = prepare<LoggedChange>(
    db,
    `SELECT name, id, revision, kind <> 'object' AS collection FROM node
     WHERE parent = ?1 AND revision BETWEEN ?2 AND ?4 AND (revision > ?2 OR name > ?3)
     UNION ALL SELECT name, NULL, revision, collection FROM tombstone
     WHERE parent = ?1 AND revision BETWEEN ?2 AND ?4 AND (revision > ?2 OR name > ?3)
     ORDER BY revision, name LIMIT ${pageSize}`,
  );
  const expired = prepare<{ parent: number; revision: number }>(
    db,
    'SELECT parent, max(revision) AS revision FROM tombstone WHERE at < ? GROUP BY parent',
  );
  const forget = prepare(db, 'DELETE FROM tombstone WHERE at < ?');
  const raiseFloor = prepare(db, 'UPDATE node SET floor = max(floor, ?) WHERE id = ?');

  const storeName = meta.get('store')?.value ?? randomBytes(6).toString('base64url');
  setMeta.run('store', storeName);
  let revision = Math.max(highest.get()?.revision ?? 0, Number(meta.get('revision')?.value ?? 0));

  return {
    /** Differs between stores, so that a token of one is never taken for one of another. */
    storeName,
    nextRevision: (): number => {
      revision += 1;
      return revision;
    },
    current: () => revision,
    /** Notes that a member went. */
    bury: (removed: RemovedMember): void => {
      const { parent, name, at, collection } = removed;
      bury.run(parent, name, removed.revision, at, Number(collection));
    },
    unbury: (parent: number, name: string): void => {
      unbury.run(parent, name);
    },
    /** What changed below `parent` after a revision, oldest first, at most `limit`. */
    since: (parent: number, after: number, limit: number) => since.all(parent, after, limit),
    /** What changed below `parent` after a revision and up to another, oldest first; read as it is taken. */
    *between(parent: number, after: number, upTo: number): Generator<LoggedChange> {
      let page = onPage.all(parent, after + 1, '', upTo);
      for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
        yield* page;
        page = onPage.all(parent, last.revision, last.name, upTo);
      }
    },
    /** Forgets removals before an instant and with them the tokens that would need them. */
    prune: (beforeMs: number): void => {
      for (const { parent, revision: last } of expired.all(beforeMs)) raiseFloor.run(last, parent);
      setMeta.run('revision', String(revision));
      forget.run(beforeMs);
    },
  };
}

export type SyncLog = ReturnType<typeof createSyncLog>;
