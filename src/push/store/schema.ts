/**
 * Tables of the push engine inside the DAV server's database. `push_change` is the outbox: a log written in the
 * transaction of each change, one row whatever the number of subscribers. `sent_seq` is how far along that log
 * a registration has been notified, so a restart knows exactly what is still owed.
 */
const tables = `
CREATE TABLE IF NOT EXISTS push_identity (
  id INTEGER PRIMARY KEY,
  vapid_public TEXT NOT NULL,
  vapid_private TEXT NOT NULL,
  topic_secret BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS push_subscription (
  id INTEGER PRIMARY KEY,
  user TEXT NOT NULL,
  transport TEXT NOT NULL,
  address TEXT NOT NULL,
  details TEXT NOT NULL,
  refusals INTEGER NOT NULL DEFAULT 0,
  failing_since INTEGER,
  UNIQUE (user, transport, address)
) STRICT;
CREATE TABLE IF NOT EXISTS push_registration (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  token TEXT NOT NULL UNIQUE,
  location TEXT NOT NULL UNIQUE,
  subscription INTEGER NOT NULL,
  resource INTEGER NOT NULL,
  content_depth TEXT,
  property_depth TEXT,
  property_filter TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  sent_seq INTEGER NOT NULL,
  last_sent_at INTEGER,
  UNIQUE (subscription, resource)
) STRICT;
CREATE INDEX IF NOT EXISTS push_registration_resource ON push_registration (resource);
CREATE INDEX IF NOT EXISTS push_registration_expiry ON push_registration (expires_at);
CREATE TABLE IF NOT EXISTS push_change (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  resource INTEGER NOT NULL,
  kind TEXT NOT NULL,
  removed INTEGER NOT NULL,
  importance TEXT NOT NULL,
  at INTEGER NOT NULL,
  above TEXT NOT NULL,
  properties TEXT NOT NULL,
  suppressed TEXT NOT NULL
) STRICT;
`;

/** For policies that remember, as a token bucket does. */
const memory = 'ALTER TABLE push_registration ADD COLUMN memory REAL NOT NULL DEFAULT 0';

/** The first step also takes the files of versions that did not number their tables. */
export const steps: readonly string[] = [tables, memory];
