import type { DatabaseSync } from 'node:sqlite';
import type { LoggedChange } from './records.ts';
import { toChange } from './rows.ts';

/** The durable outbox: changes in commit order, kept until everyone concerned has been notified. */
export interface ChangeLog {
  append(change: Omit<LoggedChange, 'seq'>): void;
  /** Changes after `seq`, oldest first, at most `limit`. */
  after(seq: number, limit: number): LoggedChange[];
  /** The newest sequence number; 0 when the log is empty. */
  newest(): number;
  removeThrough(seq: number): void;
}

export function createChangeLog(db: DatabaseSync): ChangeLog {
  const append = db.prepare(
    `INSERT INTO push_change (resource, kind, removed, importance, at, above, properties, suppressed)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const after = db.prepare('SELECT * FROM push_change WHERE seq > ? ORDER BY seq LIMIT ?');
  const newest = db.prepare('SELECT max(seq) AS seq FROM push_change');
  const removeThrough = db.prepare('DELETE FROM push_change WHERE seq <= ?');
  return {
    append: (change) =>
      void append.run(
        change.resource,
        change.kind,
        change.removed ? 1 : 0,
        change.importance,
        change.at,
        JSON.stringify(change.above),
        JSON.stringify(change.properties),
        JSON.stringify(change.suppressed),
      ),
    after: (seq, limit) => after.all(seq, limit).map(toChange),
    newest: () => Number(newest.get()?.['seq'] ?? 0),
    removeThrough: (seq) => void removeThrough.run(seq),
  };
}
