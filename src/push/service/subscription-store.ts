import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { ServiceSubscription } from './records.ts';
import { newToken } from './token.ts';

/** Agents and their subscriptions. */
export interface SubscriptionStore {
  addAgent(now: number): string;
  /** Notes that an agent is there; false when it is unknown. */
  touchAgent(agent: string, now: number): boolean;
  removeAgent(agent: string): boolean;
  /** The subscription of an agent's channel, made on first use; another VAPID key gives another push resource. */
  subscribe(
    agent: string,
    channel: string,
    options: { readonly vapidKey: string | undefined; readonly expiresAt: number | undefined },
  ): ServiceSubscription;
  byToken(token: string, now: number): ServiceSubscription | undefined;
  byPushToken(token: string, now: number): ServiceSubscription | undefined;
  byChannel(agent: string, channel: string): ServiceSubscription | undefined;
  /** Removes a subscription and its messages. */
  remove(subscription: number): void;
}

const row = z.object({
  id: z.number(),
  token: z.string(),
  push_token: z.string(),
  agent: z.string(),
  channel: z.string(),
  vapid_key: z.string().nullable(),
  expires_at: z.number().nullable(),
});

/** Firefox pads its keys; senders do not (RFC 8292 section 3.2). */
const unpadded = (key: string): string => key.replace(/=+$/, '');

function toSubscription(value: unknown, now = -Infinity): ServiceSubscription | undefined {
  if (value === undefined) return undefined;
  const { push_token, vapid_key, expires_at, ...same } = row.parse(value);
  if (expires_at !== null && expires_at <= now) return undefined;
  return {
    ...same,
    pushToken: push_token,
    vapidKey: vapid_key ?? undefined,
    expiresAt: expires_at ?? undefined,
  };
}

export function createSubscriptionStore(db: DatabaseSync): SubscriptionStore {
  const addAgent = db.prepare('INSERT INTO agent (id, seen_at) VALUES (?, ?)');
  const touchAgent = db.prepare('UPDATE agent SET seen_at = ? WHERE id = ?');
  const removeAgent = db.prepare('DELETE FROM agent WHERE id = ?');
  const ofAgent = db.prepare('SELECT id FROM subscription WHERE agent = ?');
  const byChannel = db.prepare('SELECT * FROM subscription WHERE agent = ? AND channel = ?');
  const byToken = db.prepare('SELECT * FROM subscription WHERE token = ?');
  const byPushToken = db.prepare('SELECT * FROM subscription WHERE push_token = ?');
  const put = db.prepare(
    `INSERT INTO subscription (token, push_token, agent, channel, vapid_key, expires_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (agent, channel) DO UPDATE SET push_token = excluded.push_token,
       vapid_key = excluded.vapid_key, expires_at = excluded.expires_at RETURNING *`,
  );
  const removeMessages = db.prepare('DELETE FROM message WHERE subscription = ?');
  const remove = db.prepare('DELETE FROM subscription WHERE id = ?');

  const removeOne = (subscription: number): void => {
    removeMessages.run(subscription);
    remove.run(subscription);
  };

  return {
    addAgent(now) {
      const agent = crypto.randomUUID().replaceAll('-', '');
      addAgent.run(agent, now);
      return agent;
    },
    touchAgent: (agent, now) => Number(touchAgent.run(now, agent).changes) > 0,
    removeAgent(agent) {
      for (const { id } of ofAgent.all(agent)) removeOne(Number(id));
      return Number(removeAgent.run(agent).changes) > 0;
    },
    subscribe(agent, channel, { vapidKey: written, expiresAt }) {
      const vapidKey = written === undefined ? undefined : unpadded(written);
      const existing = toSubscription(byChannel.get(agent, channel));
      if (existing !== undefined && existing.vapidKey === vapidKey) return existing;
      const made = put.get(newToken(), newToken(), agent, channel, vapidKey ?? null, expiresAt ?? null);
      const subscription = toSubscription(made);
      if (subscription === undefined) throw new Error('the subscription was not stored');
      return subscription;
    },
    byToken: (token, now) => toSubscription(byToken.get(token), now),
    byPushToken: (token, now) => toSubscription(byPushToken.get(token), now),
    byChannel: (agent, channel) => toSubscription(byChannel.get(agent, channel)),
    remove: removeOne,
  };
}
