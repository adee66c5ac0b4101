import type { DatabaseSync } from 'node:sqlite';
import { applySteps } from '../../database/index.ts';
import { DavpulseError } from '../../errors/index.ts';
import { schema, untimedIndex } from './schema.ts';

/** Marks the file as one of davpulse (`dvps`), so that no other program's database is taken for one. */
const applicationId = 0x64_76_70_73;

/**
 * What brings a database from one version to the next: step n makes version n + 1. Steps that were released are
 * never changed; a new schema is a new step at the end. The first one also takes the files of versions that did
 * not number them.
 */
const steps: readonly string[] = [schema, untimedIndex];

const numberOf = (db: DatabaseSync, sql: string): number =>
  Number(Object.values(db.prepare(sql).get() ?? {})[0]);

const refuse = (file: string, reason: string): DavpulseError =>
  new DavpulseError('DAVPULSE_FILE_UNREADABLE', `cannot use the database ${file}: ${reason}`);

/**
 * Brings a database to the newest version, wholly or not at all.
 * @throws DavpulseError DAVPULSE_FILE_UNREADABLE for a newer version, or a database of another program
 */
export function migrate(db: DatabaseSync, file: string, known: readonly string[] = steps): void {
  const version = numberOf(db, 'PRAGMA user_version');
  const owner = numberOf(db, 'PRAGMA application_id');
  const tables = numberOf(db, 'SELECT count(*) FROM sqlite_schema');
  const isOurs =
    tables === 0 ||
    owner === applicationId ||
    (owner === 0 &&
      numberOf(db, "SELECT count(*) FROM sqlite_schema WHERE name IN ('node', 'tombstone')") === 2);
  if (!isOurs) throw refuse(file, 'it belongs to another program; name another file with --db');
  if (version > known.length) {
    throw refuse(
      file,
      `a newer davpulse wrote it (schema ${version}, this one knows ${known.length}); use that version, or another file with --db`,
    );
  }
  if (version === known.length) return;
  const note = `PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${known.length};`;
  applySteps(db, known.slice(version), note);
}
