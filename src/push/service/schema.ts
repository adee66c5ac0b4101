/**
 * Tables of the push service. An agent is a user agent (autopush) or, what is the same, a subscription set
 * (RFC 8030 section 4.1). A message's row lives until it is acknowledged, replaced or expired.
 */
const tables = `
CREATE TABLE IF NOT EXISTS agent (
  id TEXT PRIMARY KEY,
  seen_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS subscription (
  id INTEGER PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
  push_token TEXT NOT NULL UNIQUE,
  agent TEXT NOT NULL,
  channel TEXT NOT NULL,
  vapid_key TEXT,
  expires_at INTEGER,
  UNIQUE (agent, channel)
) STRICT;
CREATE TABLE IF NOT EXISTS message (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  token TEXT NOT NULL UNIQUE,
  subscription INTEGER NOT NULL,
  topic TEXT,
  urgency TEXT NOT NULL,
  ttl INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  deliver_at INTEGER NOT NULL,
  encoding TEXT,
  content_type TEXT,
  receipt TEXT,
  body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS message_topic ON message (subscription, topic) WHERE topic IS NOT NULL;
CREATE INDEX IF NOT EXISTS message_subscription ON message (subscription);
CREATE INDEX IF NOT EXISTS message_expiry ON message (expires_at);
CREATE TABLE IF NOT EXISTS receipt_subscription (
  token TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS receipt (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  subscription TEXT NOT NULL,
  message TEXT NOT NULL,
  status INTEGER NOT NULL
) STRICT;
`;

/** The first step also takes the files of versions that did not number their tables. */
export const steps: readonly string[] = [tables];
