import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { ServiceMessage, ServiceSubscription } from './records.ts';
import { schema } from './schema.ts';

/** What the push service keeps across restarts. */
export interface ServiceStore {
  /** Notes that an agent is there; false when it is unknown. */
  touchAgent(agent: string, now: number): boolean;
  addAgent(now: number): string;
  /** The subscription of an agent's channel, made on first use. */
  subscribe(agent: string, channel: string, vapidKey: string | undefined): ServiceSubscription;
  byPushToken(token: string): ServiceSubscription | undefined;
  unsubscribe(agent: string, channel: string): void;
  /** Stores a message; one of the same topic is replaced (RFC 8030 section 5.4). */
  addMessage(subscription: number, message: ServiceMessage): void;
  /** An agent's messages that may still be delivered, oldest first. */
  messagesOf(agent: string, now: number): { readonly channel: string; readonly message: ServiceMessage }[];
  removeMessage(token: string): void;
  removeExpired(now: number): void;
}

const subscriptionRow = z.object({
  id: z.number(),
  push_token: z.string(),
  agent: z.string(),
  channel: z.string(),
  vapid_key: z.string().nullable(),
  expires_at: z.number().nullable(),
});

const messageRow = z.object({
  channel: z.string(),
  token: z.string(),
  topic: z.string().nullable(),
  urgency: z.enum(['very-low', 'low', 'normal', 'high']),
  ttl: z.number(),
  expires_at: z.number(),
  deliver_at: z.number(),
  encoding: z.string().nullable(),
  body: z.instanceof(Uint8Array),
});

/** 144 random bits: more than the 120 that RFC 8030 section 8.3 asks of capability URLs. */
export const newToken = (): string => randomBytes(18).toString('base64url');

function toSubscription(row: unknown): ServiceSubscription | undefined {
  if (row === undefined) return undefined;
  const parsed = subscriptionRow.parse(row);
  return {
    id: parsed.id,
    pushToken: parsed.push_token,
    agent: parsed.agent,
    channel: parsed.channel,
    vapidKey: parsed.vapid_key ?? undefined,
    expiresAt: parsed.expires_at ?? undefined,
  };
}

function toMessage(row: unknown): { channel: string; message: ServiceMessage } {
  const { channel, ttl, ...parsed } = messageRow.parse(row);
  return {
    channel,
    message: {
      token: parsed.token,
      topic: parsed.topic ?? undefined,
      urgency: parsed.urgency,
      ttlSeconds: ttl,
      expiresAt: parsed.expires_at,
      deliverAt: parsed.deliver_at,
      encoding: parsed.encoding ?? undefined,
      body: parsed.body,
    },
  };
}

export function createServiceStore(db: DatabaseSync): ServiceStore {
  db.exec(schema);
  const touchAgent = db.prepare('UPDATE agent SET seen_at = ? WHERE id = ?');
  const addAgent = db.prepare('INSERT INTO agent (id, seen_at) VALUES (?, ?)');
  const findChannel = db.prepare('SELECT * FROM subscription WHERE agent = ? AND channel = ?');
  const addSubscription = db.prepare(
    `INSERT INTO subscription (push_token, agent, channel, vapid_key) VALUES (?, ?, ?, ?)
     ON CONFLICT (agent, channel) DO UPDATE SET push_token = excluded.push_token, vapid_key = excluded.vapid_key
     RETURNING *`,
  );
  const byPushToken = db.prepare('SELECT * FROM subscription WHERE push_token = ?');
  const removeMessages = db.prepare('DELETE FROM message WHERE subscription = ?');
  const removeSubscription = db.prepare('DELETE FROM subscription WHERE id = ?');
  const addMessage = db.prepare(
    `INSERT OR REPLACE INTO message (token, subscription, topic, urgency, ttl, expires_at, deliver_at, encoding, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const messagesOf = db.prepare(
    `SELECT s.channel, m.* FROM message m JOIN subscription s ON s.id = m.subscription
     WHERE s.agent = ? AND m.expires_at > ? ORDER BY m.id`,
  );
  const removeMessage = db.prepare('DELETE FROM message WHERE token = ?');
  const removeExpired = db.prepare('DELETE FROM message WHERE expires_at <= ?');

  return {
    touchAgent: (agent, now) => Number(touchAgent.run(now, agent).changes) > 0,
    addAgent(now) {
      const agent = crypto.randomUUID().replaceAll('-', '');
      addAgent.run(agent, now);
      return agent;
    },
    subscribe(agent, channel, vapidKey) {
      const existing = toSubscription(findChannel.get(agent, channel));
      if (existing !== undefined && existing.vapidKey === vapidKey) return existing;
      const made = toSubscription(addSubscription.get(newToken(), agent, channel, vapidKey ?? null));
      if (made === undefined) throw new Error('the subscription was not stored');
      return made;
    },
    byPushToken: (token) => toSubscription(byPushToken.get(token)),
    unsubscribe(agent, channel) {
      const found = toSubscription(findChannel.get(agent, channel));
      if (found === undefined) return;
      removeMessages.run(found.id);
      removeSubscription.run(found.id);
    },
    addMessage: (subscription, message) =>
      void addMessage.run(
        message.token,
        subscription,
        message.topic ?? null,
        message.urgency,
        message.ttlSeconds,
        message.expiresAt,
        message.deliverAt,
        message.encoding ?? null,
        message.body,
      ),
    messagesOf: (agent, now) => messagesOf.all(agent, now).map(toMessage),
    removeMessage: (token) => void removeMessage.run(token),
    removeExpired: (now) => void removeExpired.run(now),
  };
}
