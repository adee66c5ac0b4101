import type { DatabaseSync } from 'node:sqlite';
import type { SubscriptionData } from '../transports/transport.ts';
import type { Registration, Subscription, Triggers } from './records.ts';
import { toRegistration, toSubscription, type Row } from './rows.ts';

/** A registration as it is to be written. */
export interface NewRegistration extends Triggers {
  readonly resource: number;
  /** Last part of its URL, and the whole URL. */
  readonly token: string;
  readonly location: string;
  readonly expiresAt: number;
  readonly sentSeq: number;
}

/** Subscriptions and their registrations. */
export interface SubscriptionStore {
  /** Inserts the subscription or replaces its details, which belong to it and not to each registration. */
  putSubscription(user: string, transport: string, data: SubscriptionData): number;
  /** Inserts or updates the one registration of a subscription for a resource; tells its URL and whether it is new. */
  putRegistration(
    subscription: number,
    registration: NewRegistration,
  ): { readonly location: string; readonly created: boolean };
  /** Removes a user's registration; false when there is none that is still valid. */
  removeByToken(user: string, token: string, now: number): boolean;
  removeSubscription(subscription: number): void;
  removeExpired(now: number): void;
  /** Ids of those among a user's registrations that have one of these URLs. */
  idsByLocation(user: string, locations: readonly string[]): number[];
  /** All registrations of a user's subscription. */
  ofSubscription(user: string, transport: string, address: string): Registration[];
  /** Every subscription of a transport that has a valid registration. */
  active(transport: string, now: number): Subscription[];
  /** All registrations for a resource, valid or not. */
  ofResource(resource: number): Registration[];
  /** Notes how far a registration has been notified, and what the policy remembers of it. */
  markSent(registration: number, seq: number, at: number | undefined, memory: number | undefined): void;
  /** Notes a failed attempt at epoch ms `at`; tells of the failures since the last success. */
  noteFailure(
    subscription: number,
    at: number,
    refused: boolean,
  ): { readonly refusals: number; readonly since: number };
  clearFailures(subscription: number): void;
  countRegistrations(): number;
}

const columns = `r.id, r.resource, r.content_depth, r.property_depth, r.property_filter, r.expires_at,
  r.sent_seq, r.last_sent_at, r.memory, s.id AS subscription, s.user, s.transport, s.address, s.details`;

export function createSubscriptionStore(db: DatabaseSync): SubscriptionStore {
  const putSubscription = db.prepare(
    `INSERT INTO push_subscription (user, transport, address, details) VALUES (?, ?, ?, ?)
     ON CONFLICT (user, transport, address) DO UPDATE SET details = excluded.details, refusals = 0, failing_since = NULL
     RETURNING id`,
  );
  const findRegistration = db.prepare(
    'SELECT location FROM push_registration WHERE subscription = ? AND resource = ?',
  );
  const putRegistration = db.prepare(
    `INSERT INTO push_registration
       (token, location, subscription, resource, content_depth, property_depth, property_filter, expires_at, sent_seq)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (subscription, resource) DO UPDATE SET content_depth = excluded.content_depth,
       property_depth = excluded.property_depth, property_filter = excluded.property_filter,
       expires_at = excluded.expires_at`,
  );
  const findBy = (column: 'token' | 'location') =>
    db.prepare(
      `SELECT r.id, r.subscription, r.expires_at FROM push_registration r
       JOIN push_subscription s ON s.id = r.subscription WHERE r.${column} = ? AND s.user = ?`,
    );
  const findByToken = findBy('token');
  const findByLocation = findBy('location');
  const removeRegistration = db.prepare('DELETE FROM push_registration WHERE id = ?');
  const removeRegistrations = db.prepare('DELETE FROM push_registration WHERE subscription = ?');
  const removeSubscription = db.prepare('DELETE FROM push_subscription WHERE id = ?');
  const removeExpired = db.prepare('DELETE FROM push_registration WHERE expires_at <= ?');
  const removeUnused = db.prepare(
    'DELETE FROM push_subscription WHERE id NOT IN (SELECT subscription FROM push_registration)',
  );
  const removeIfUnused = db.prepare(
    'DELETE FROM push_subscription WHERE id = ? AND NOT EXISTS (SELECT 1 FROM push_registration WHERE subscription = push_subscription.id)',
  );
  const ofResource = db.prepare(
    `SELECT ${columns} FROM push_registration r JOIN push_subscription s ON s.id = r.subscription
     WHERE r.resource = ? ORDER BY r.id`,
  );
  const ofSubscription = db.prepare(
    `SELECT ${columns} FROM push_registration r JOIN push_subscription s ON s.id = r.subscription
     WHERE s.user = ? AND s.transport = ? AND s.address = ?`,
  );
  const active = db.prepare(
    `SELECT s.id AS subscription, s.user, s.transport, s.address, s.details FROM push_subscription s
     WHERE s.transport = ? AND EXISTS
       (SELECT 1 FROM push_registration r WHERE r.subscription = s.id AND r.expires_at > ?)`,
  );
  const markSent = db.prepare(
    'UPDATE push_registration SET sent_seq = max(sent_seq, ?), last_sent_at = coalesce(?, last_sent_at), memory = coalesce(?, memory) WHERE id = ?',
  );
  const noteFailure = db.prepare(
    `UPDATE push_subscription SET refusals = refusals + ?, failing_since = coalesce(failing_since, ?)
     WHERE id = ? RETURNING refusals, failing_since`,
  );
  const clearFailures = db.prepare(
    'UPDATE push_subscription SET refusals = 0, failing_since = NULL WHERE id = ? AND failing_since IS NOT NULL',
  );
  const count = db.prepare('SELECT count(*) AS n FROM push_registration');

  return {
    putSubscription: (user, transport, { address, details }) =>
      Number(putSubscription.get(user, transport, address, details)?.['id']),
    putRegistration(subscription, wanted) {
      const existing = findRegistration.get(subscription, wanted.resource)?.['location'];
      putRegistration.run(
        wanted.token,
        wanted.location,
        subscription,
        wanted.resource,
        wanted.content ?? null,
        wanted.property ?? null,
        JSON.stringify(wanted.propertyFilter),
        wanted.expiresAt,
        wanted.sentSeq,
      );
      return typeof existing === 'string'
        ? { location: existing, created: false }
        : { location: wanted.location, created: true };
    },
    removeByToken(user, token, now) {
      const row = findByToken.get(token, user);
      if (row === undefined) return false;
      removeRegistration.run(Number(row['id']));
      removeIfUnused.run(Number(row['subscription']));
      return Number(row['expires_at']) > now;
    },
    removeSubscription(subscription) {
      removeRegistrations.run(subscription);
      removeSubscription.run(subscription);
    },
    removeExpired(now) {
      if (Number(removeExpired.run(now).changes) > 0) removeUnused.run();
    },
    idsByLocation: (user, locations) =>
      locations.flatMap((location) => {
        const id = findByLocation.get(location, user)?.['id'];
        return typeof id === 'number' ? [id] : [];
      }),
    ofSubscription: (user, transport, address) =>
      ofSubscription
        .all(user, transport, address)
        .map((row: Row) => toRegistration(row, toSubscription(row))),
    active: (transport, now) => active.all(transport, now).map(toSubscription),
    ofResource: (resource) =>
      ofResource.all(resource).map((row: Row) => toRegistration(row, toSubscription(row))),
    markSent: (registration, seq, at, memory) =>
      void markSent.run(seq, at ?? null, memory ?? null, registration),
    noteFailure(subscription, at, refused) {
      const row = noteFailure.get(refused ? 1 : 0, at, subscription);
      return { refusals: Number(row?.['refusals'] ?? 0), since: Number(row?.['failing_since'] ?? at) };
    },
    clearFailures: (subscription) => void clearFailures.run(subscription),
    countRegistrations: () => Number(count.get()?.['n']),
  };
}
