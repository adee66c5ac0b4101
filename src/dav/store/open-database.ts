import { DatabaseSync } from 'node:sqlite';
import { DavpulseError } from '../../errors/index.ts';
import { migrate } from './migrate.ts';

/**
 * Opens or creates the store. WAL with synchronous NORMAL keeps every committed transaction when the process dies.
 * @throws DavpulseError DAVPULSE_FILE_UNREADABLE
 */
export function openDatabase(file: string): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file);
    // Before anything else is written: a file that is refused stays as it was.
    migrate(db, file);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;');
    db.exec('PRAGMA cache_size = -12000; PRAGMA busy_timeout = 5000;');
    return db;
  } catch (cause) {
    db?.close();
    if (cause instanceof DavpulseError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DavpulseError('DAVPULSE_FILE_UNREADABLE', `cannot open the database ${file}: ${reason}`, {
      cause,
    });
  }
}
