import type { DatabaseSync } from 'node:sqlite';

/** Changes a schema step by step and notes the version reached, all of it or, when a statement fails, nothing. */
export function applySteps(db: DatabaseSync, steps: readonly string[], noteVersion: string): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const step of steps) db.exec(step);
    db.exec(noteVersion);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
