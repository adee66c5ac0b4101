import type { DatabaseSync } from 'node:sqlite';
import { createNodeStore, type NodeStore } from './node-store.ts';
import { openDatabase } from './open-database.ts';
import { createPropertyStore, type PropertyStore } from './property-store.ts';
import { prepare } from './statements.ts';
import { createSyncLog, type SyncLog } from './sync-log.ts';

export interface Accounts {
  readonly names: () => string[];
  /** The stored password hash; undefined for an unknown user, null while none is stored. */
  readonly hash: (name: string) => string | null | undefined;
  readonly add: (name: string) => void;
  readonly setHash: (name: string, hash: string) => void;
}

export interface Store {
  readonly db: DatabaseSync;
  readonly nodes: NodeStore;
  readonly properties: PropertyStore;
  readonly log: SyncLog;
  readonly accounts: Accounts;
  /** Runs `work` in one transaction: all of it is stored, or nothing when it throws. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** @throws DavpulseError DAVPULSE_FILE_UNREADABLE */
export function openStore(file: string): Store {
  const db = openDatabase(file);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  return {
    db,
    nodes: createNodeStore(db),
    properties: createPropertyStore(db),
    log: createSyncLog(db),
    accounts: createAccounts(db),
    transaction: (work) => {
      if (db.isTransaction) return work();
      begin.run();
      try {
        const result = work();
        commit.run();
        return result;
      } catch (error) {
        if (db.isTransaction) rollback.run();
        throw error;
      }
    },
    close: () => db.close(),
  };
}

function createAccounts(db: DatabaseSync): Accounts {
  const names = prepare<{ name: string }>(db, 'SELECT name FROM account ORDER BY name');
  const hash = prepare<{ hash: string | null }>(db, 'SELECT hash FROM account WHERE name = ?');
  const add = prepare(db, 'INSERT OR IGNORE INTO account (name) VALUES (?)');
  const setHash = prepare(db, 'UPDATE account SET hash = ? WHERE name = ?');
  return {
    names: () => names.all().map(({ name }) => name),
    hash: (name) => hash.get(name)?.hash,
    add: (name) => {
      add.run(name);
    },
    setHash: (name, value) => {
      setHash.run(value, name);
    },
  };
}
