import type { DatabaseSync } from 'node:sqlite';
import { applySteps } from '../../database/index.ts';
import { DavpulseError } from '../../errors/index.ts';

/**
 * Brings tables to their newest version, wholly or not at all: step n makes version n + 1, and steps that were
 * released are never changed. The version is kept in a table of that name, because the file may be shared with others
 * who number theirs. @throws DavpulseError DAVPULSE_FILE_UNREADABLE when a newer davpulse wrote them
 */
export function migrate(
  db: DatabaseSync,
  table: 'push_schema' | 'service_schema',
  steps: readonly string[],
): void {
  db.exec(`CREATE TABLE IF NOT EXISTS ${table} (version INTEGER NOT NULL) STRICT`);
  const version = Number(db.prepare(`SELECT max(version) AS version FROM ${table}`).get()?.['version'] ?? 0);
  if (version > steps.length) {
    throw new DavpulseError(
      'DAVPULSE_FILE_UNREADABLE',
      `a newer davpulse wrote the push tables (schema ${version}, this one knows ${steps.length}); use that version, or another file with --db`,
    );
  }
  if (version === steps.length) return;
  const note = `DELETE FROM ${table}; INSERT INTO ${table} (version) VALUES (${steps.length})`;
  applySteps(db, steps.slice(version), note);
}
