import { DatabaseSync } from 'node:sqlite';
import { DavpulseError } from '../../errors/index.ts';
import { schema } from './schema.ts';

/**
 * Opens or creates the store. WAL with synchronous NORMAL keeps every committed transaction when the process dies.
 * @throws DavpulseError DAVPULSE_FILE_UNREADABLE
 */
export function openDatabase(file: string): DatabaseSync {
  try {
    const db = new DatabaseSync(file);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;');
    db.exec('PRAGMA cache_size = -12000; PRAGMA busy_timeout = 5000;');
    db.exec(schema);
    return db;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DavpulseError('DAVPULSE_FILE_UNREADABLE', `cannot open the database ${file}: ${reason}`, {
      cause,
    });
  }
}
