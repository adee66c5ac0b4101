import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Addressed, ServiceMessage } from './records.ts';
import { urgencies } from './records.ts';

/** What became of a message whose sender wants to know (RFC 8030 section 6.3): 204 acknowledged, 410 given up. */
export interface Receipt {
  readonly subscription: string;
  readonly message: string;
  readonly status: 204 | 410;
}

/** Messages until they are acknowledged, and the receipts of those that are gone. */
export interface MessageStore {
  /** Stores a message; one of the same topic is replaced (RFC 8030 section 5.4). Returns its place. */
  add(subscription: number, message: ServiceMessage): number;
  /** Messages after place `after` for an agent, or for one subscription of it, oldest first. */
  pending(agent: string, after: number, now: number, limit: number): Addressed[];
  /** Removes an acknowledged message; its receipt, if its sender asked for one. */
  acknowledge(token: string): { readonly found: boolean; readonly receipt: Receipt | undefined };
  has(token: string): boolean;
  /** Removes what is past its time; receipts for those whose senders asked. */
  expire(now: number): Receipt[];
  addReceiptSubscription(token: string, expiresAt: number): void;
  hasReceiptSubscription(token: string, now: number): boolean;
  removeReceiptSubscription(token: string): boolean;
  keepReceipt(receipt: Receipt): void;
  /** Takes the receipts kept for a subscription. */
  takeReceipts(subscription: string): Receipt[];
  count(): number;
}

const nullable = z.string().nullable();
const row = z.object({
  id: z.number(),
  channel: z.string(),
  subscription_token: z.string(),
  push_token: z.string(),
  token: z.string(),
  topic: nullable,
  urgency: z.enum(urgencies),
  ttl: z.number(),
  accepted_at: z.number(),
  expires_at: z.number(),
  deliver_at: z.number(),
  encoding: nullable,
  content_type: nullable,
  receipt: nullable,
  body: z.instanceof(Uint8Array),
});
const receiptRow = z.object({
  subscription: z.string(),
  message: z.string(),
  status: z.union([z.literal(204), z.literal(410)]),
});

function toAddressed(value: unknown): Addressed {
  const parsed = row.parse(value);
  return {
    id: parsed.id,
    subscription: {
      channel: parsed.channel,
      token: parsed.subscription_token,
      pushToken: parsed.push_token,
    },
    message: {
      token: parsed.token,
      topic: parsed.topic ?? undefined,
      urgency: parsed.urgency,
      ttlSeconds: parsed.ttl,
      acceptedAt: parsed.accepted_at,
      expiresAt: parsed.expires_at,
      deliverAt: parsed.deliver_at,
      encoding: parsed.encoding ?? undefined,
      contentType: parsed.content_type ?? undefined,
      receipt: parsed.receipt ?? undefined,
      body: parsed.body,
    },
  };
}

export function createMessageStore(db: DatabaseSync): MessageStore {
  const add = db.prepare(
    `INSERT OR REPLACE INTO message (token, subscription, topic, urgency, ttl, accepted_at, expires_at,
       deliver_at, encoding, content_type, receipt, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const pending = db.prepare(
    `SELECT s.channel, s.token AS subscription_token, s.push_token, m.* FROM message m
     JOIN subscription s ON s.id = m.subscription
     WHERE s.agent = ? AND m.id > ? AND m.expires_at > ? ORDER BY m.id LIMIT ?`,
  );
  const acknowledge = db.prepare('DELETE FROM message WHERE token = ? RETURNING receipt');
  const has = db.prepare('SELECT 1 FROM message WHERE token = ?');
  const expire = db.prepare('DELETE FROM message WHERE expires_at <= ? RETURNING token, receipt');
  const addReceiptSubscription = db.prepare(
    'INSERT INTO receipt_subscription (token, expires_at) VALUES (?, ?)',
  );
  const findReceiptSubscription = db.prepare(
    'SELECT 1 FROM receipt_subscription WHERE token = ? AND expires_at > ?',
  );
  const removeReceiptSubscription = db.prepare('DELETE FROM receipt_subscription WHERE token = ?');
  const keepReceipt = db.prepare('INSERT INTO receipt (subscription, message, status) VALUES (?, ?, ?)');
  const takeReceipts = db.prepare('DELETE FROM receipt WHERE subscription = ? RETURNING *');
  const count = db.prepare('SELECT count(*) AS n FROM message');

  return {
    add: (subscription, message) =>
      Number(
        add.run(
          message.token,
          subscription,
          message.topic ?? null,
          message.urgency,
          message.ttlSeconds,
          message.acceptedAt,
          message.expiresAt,
          message.deliverAt,
          message.encoding ?? null,
          message.contentType ?? null,
          message.receipt ?? null,
          message.body,
        ).lastInsertRowid,
      ),
    pending: (agent, after, now, limit) => pending.all(agent, after, now, limit).map(toAddressed),
    acknowledge(token) {
      const removed = acknowledge.get(token);
      const receipt = removed?.['receipt'];
      return {
        found: removed !== undefined,
        receipt:
          typeof receipt === 'string' ? { subscription: receipt, message: token, status: 204 } : undefined,
      };
    },
    has: (token) => has.get(token) !== undefined,
    expire: (now) =>
      expire
        .all(now)
        .flatMap(({ token, receipt }) =>
          typeof receipt === 'string'
            ? [{ subscription: receipt, message: String(token), status: 410 } as const]
            : [],
        ),
    addReceiptSubscription: (token, expiresAt) => void addReceiptSubscription.run(token, expiresAt),
    hasReceiptSubscription: (token, now) => findReceiptSubscription.get(token, now) !== undefined,
    removeReceiptSubscription: (token) => Number(removeReceiptSubscription.run(token).changes) > 0,
    keepReceipt: ({ subscription, message, status }) => void keepReceipt.run(subscription, message, status),
    takeReceipts: (subscription) => takeReceipts.all(subscription).map((value) => receiptRow.parse(value)),
    count: () => Number(count.get()?.['n']),
  };
}
