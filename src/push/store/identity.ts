import { createHmac, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import webPush from 'web-push';

/** What the server keeps for life: its VAPID key pair and the secret that topics are made of. */
export interface Identity {
  readonly vapidPublicKey: string;
  readonly vapidPrivateKey: string;
  /** The `topic` of a resource: unique, stable, and telling nothing about it. */
  topicOf(resource: number): string;
}

const read = 'SELECT vapid_public, vapid_private, topic_secret FROM push_identity ORDER BY id DESC LIMIT 1';

function create(db: DatabaseSync): void {
  const { publicKey, privateKey } = webPush.generateVAPIDKeys();
  db.prepare('INSERT INTO push_identity (vapid_public, vapid_private, topic_secret) VALUES (?, ?, ?)').run(
    publicKey,
    privateKey,
    randomBytes(32),
  );
}

/** Reads the identity of this database, making it on first use. */
export function loadIdentity(db: DatabaseSync): Identity {
  if (db.prepare(read).get() === undefined) create(db);
  const row = db.prepare(read).get();
  const secret = row?.['topic_secret'];
  if (!(secret instanceof Uint8Array)) throw new TypeError('push_identity holds no topic secret');
  return {
    vapidPublicKey: String(row?.['vapid_public']),
    vapidPrivateKey: String(row?.['vapid_private']),
    topicOf: (resource) =>
      createHmac('sha256', secret).update(String(resource)).digest('base64url').slice(0, 32),
  };
}
