/**
 * One tree of nodes holds principals, homes, collections and objects, so that COPY, MOVE, locks and properties
 * need one implementation. Ids are never used twice: push topics and sync tokens are built from them.
 *
 * `revision` is a counter of the whole store. A node carries the revision of the last change in or below it, so
 * that "what changed since" is one index range at every level of the tree.
 */
export const schema = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS account (name TEXT PRIMARY KEY, hash TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS node (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  parent INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  owner TEXT NOT NULL,
  revision INTEGER NOT NULL,
  floor INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  etag TEXT NOT NULL DEFAULT '',
  size INTEGER NOT NULL DEFAULT 0,
  type TEXT NOT NULL DEFAULT '',
  uid TEXT,
  component TEXT,
  starts INTEGER,
  ends INTEGER,
  long INTEGER,
  exact INTEGER NOT NULL DEFAULT 0,
  scheduleTag TEXT,
  target INTEGER,
  access TEXT,
  properties INTEGER NOT NULL DEFAULT 0,
  UNIQUE (parent, name)
) STRICT;
CREATE INDEX IF NOT EXISTS node_revision ON node (parent, revision);
CREATE INDEX IF NOT EXISTS node_uid ON node (parent, uid) WHERE uid IS NOT NULL;
CREATE INDEX IF NOT EXISTS node_time ON node (parent, long, starts, ends) WHERE starts IS NOT NULL;
CREATE INDEX IF NOT EXISTS node_target ON node (target) WHERE target IS NOT NULL;
CREATE TABLE IF NOT EXISTS body (node INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS property (
  node INTEGER NOT NULL, ns TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (node, ns, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tombstone (
  parent INTEGER NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL, at INTEGER NOT NULL,
  collection INTEGER NOT NULL,
  PRIMARY KEY (parent, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tombstone_revision ON tombstone (parent, revision);
CREATE INDEX IF NOT EXISTS tombstone_at ON tombstone (at);
`;

/** What a query by time finds beside those with one: without it, it would look at every member. */
export const untimedIndex = `
CREATE INDEX node_untimed ON node (parent) WHERE starts IS NULL AND component IS NOT NULL;
`;
