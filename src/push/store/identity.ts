import { createHmac, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import webPush from 'web-push';

/** What the server keeps for life: its VAPID key pair, and the secret that topics are made of. */
export interface Identity {
  readonly vapid: () => { readonly publicKey: string; readonly privateKey: string };
  /** Takes a new VAPID key pair into use. */
  rotate(): void;
  /** The `topic` of a resource: unique, stable, and telling nothing about it. */
  topicOf(this: void, resource: number): string;
}

const keptTopics = 10_000;

/** Reads the identity of this database, making it on first use. */
export function loadIdentity(db: DatabaseSync): Identity {
  const newest = db.prepare('SELECT * FROM push_identity ORDER BY id DESC LIMIT 1');
  const add = db.prepare(
    'INSERT INTO push_identity (vapid_public, vapid_private, topic_secret) VALUES (?, ?, ?)',
  );
  const create = (secret: Uint8Array) => {
    const { publicKey, privateKey } = webPush.generateVAPIDKeys();
    add.run(publicKey, privateKey, secret);
  };
  const read = () => {
    const row = newest.get();
    const secret = row?.['topic_secret'];
    if (!(secret instanceof Uint8Array)) return undefined;
    const [publicKey, privateKey] = [String(row?.['vapid_public']), String(row?.['vapid_private'])];
    return { secret, vapid: { publicKey, privateKey } };
  };
  if (read() === undefined) create(randomBytes(32));
  let current = read();
  const topics = new Map<number, string>();
  const known = () => {
    if (current === undefined) throw new Error('push_identity cannot be read');
    return current;
  };
  return {
    vapid: () => known().vapid,
    rotate() {
      create(known().secret);
      current = read();
    },
    topicOf(resource) {
      const kept = topics.get(resource);
      if (kept !== undefined) return kept;
      const topic = createHmac('sha256', known().secret).update(String(resource)).digest('base64url');
      if (topics.size >= keptTopics) topics.clear();
      topics.set(resource, topic.slice(0, 32));
      return topic.slice(0, 32);
    },
  };
}
