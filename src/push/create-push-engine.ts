import type { DatabaseSync } from 'node:sqlite';
import { createPushPolicy, type PushPolicySpec } from '../../sim/index.ts';
import { ns, type XmlElement } from '../xml/index.ts';
import { announceRotation } from './dispatch/announce-rotation.ts';
import { DeliveryLog } from './dispatch/delivery-log.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import { defaultLimits, type DispatchLimits } from './dispatch/limits.ts';
import { createEndpointGuard, type GuardOptions } from './guard/endpoint-guard.ts';
import type { PushChange, PushEngine, PushHost, WatchedCollection } from './push-engine.ts';
import { createChangeLog } from './store/change-log.ts';
import { loadIdentity } from './store/identity.ts';
import { migrate } from './store/migrate.ts';
import { createRegistrationCache } from './store/registration-cache.ts';
import { steps } from './store/schema.ts';
import { createSubscriptionStore } from './store/subscriptions.ts';
import type { AppleSettings } from './transports/apple/apple-transport.ts';
import { createTransports } from './transports/registry.ts';
import type { TransportHost } from './transports/transport.ts';
import { noContent, notFound } from './webdav-push/answers.ts';
import { parseDontNotify } from './webdav-push/dont-notify.ts';
import { pushProperties } from './webdav-push/properties.ts';
import { createRegistrar } from './webdav-push/registrar.ts';
import { lenient, type Strictness } from './webdav-push/register-request.ts';

export interface PushEngineOptions extends GuardOptions {
  /** The DAV server's own database, so that changes and what is owed for them commit together. */
  readonly db: DatabaseSync;
  readonly host: PushHost;
  /** When messages leave; the very policies of the simulator. */
  readonly policy: PushPolicySpec;
  /** Contact for push services (RFC 8292 section 2.1): `mailto:` or `https:` URL. */
  readonly subject?: string;
  readonly strictness?: Strictness;
  readonly limits?: Partial<DispatchLimits>;
  /** Lifetime of registrations: what one gets that asks for none, and the longest, ms. */
  readonly lifetime?: { readonly defaultMs: number; readonly maxMs: number };
  /** Apple's push, when there is a key for it. */
  readonly apple?: AppleSettings;
  /** The name that Apple's push keys carry. */
  readonly serverName?: string;
  readonly streamKeepAliveMs?: number;
  /** Certificate authorities to trust in push services. */
  readonly ca?: string | readonly string[];
  readonly now?: () => number;
  readonly random?: () => number;
}

const dayMs = 86_400_000;
const expiryEveryMs = 60_000;

/** The push side of a DAV server: WebDAV-Push registrations, outbox and delivery. */
export function createPushEngine(options: PushEngineOptions): PushEngine {
  const { db, host, now = Date.now, random = Math.random, strictness = lenient } = options;
  migrate(db, 'push_schema', steps);
  const limits = { ...defaultLimits, ...options.limits };
  const identity = loadIdentity(db);
  const store = createSubscriptionStore(db);
  const cache = createRegistrationCache(store);
  const log = createChangeLog(db);
  const watch = (transport: string): TransportHost['watch'] => {
    return (user, data, resource, expiresAt) => registrar.watch(user, transport, data, resource, expiresAt);
  };
  const arrived = (transport: string): TransportHost['arrived'] => {
    return (user, address, position) => {
      // What is not written yet would look as if it had never been handed over.
      dispatcher.flush();
      dispatcher.arrived(store.ofSubscription(user, transport, address), position);
    };
  };
  const transports = createTransports(
    {
      identity: () => ({ ...identity.vapid(), subject: options.subject ?? 'https://davpulse.invalid/' }),
      guard: createEndpointGuard(options),
      strictEncoding: strictness.contentEncoding,
      connectTimeoutMs: limits.connectTimeoutMs,
      connectionsPerOrigin: limits.connectionsPerOrigin,
      streamKeepAliveMs: options.streamKeepAliveMs ?? 45_000,
      apple: options.apple,
      serverName: options.serverName ?? 'davpulse',
      ca: options.ca,
      now,
    },
    (transport) => ({
      endpointPath: host.endpointPath ?? '/push/',
      watch: watch(transport),
      arrived: arrived(transport),
    }),
  );
  const dispatcher = new Dispatcher({
    isBusy: () => db.isTransaction,
    log,
    store,
    cache,
    host,
    policy: createPushPolicy(options.policy),
    transports: new Map(transports.map((transport) => [transport.name, transport])),
    topicOf: identity.topicOf,
    limits,
    now,
    random,
    deliveryLog: (settledThrough) => new DeliveryLog(db, store, log, settledThrough, now),
  });
  const registrar = createRegistrar({
    store,
    cache,
    transports,
    mayRead: (user, resource) => host.mayRead(user, resource),
    strictness,
    newestSeq: () => log.newest(),
    lifetime: options.lifetime ?? { defaultMs: 7 * dayMs, maxMs: 30 * dayMs },
    path: host.registrationPath,
    now,
  });
  const expiry = setInterval(() => {
    if (db.isTransaction) return;
    store.removeExpired(now());
    cache.clear();
  }, expiryEveryMs);
  expiry.unref();
  // What a previous process still owed.
  dispatcher.wake();

  /** Those on a resource about to go who may not read it: afterwards nobody can tell. */
  const withoutRights = ({ removed, collectionId }: PushChange): number[] =>
    removed === true
      ? [...cache.of(collectionId).values()]
          .filter(({ subscription }) => !host.mayRead(subscription.user, collectionId))
          .map(({ id }) => id)
      : [];

  const record = (change: PushChange): void => {
    if (options.policy.kind === 'off') return;
    const excluded = parseDontNotify(change.dontNotify);
    if (excluded.everyone) return;
    const above = change.above ?? [];
    if (![change.collectionId, ...above].some((resource) => cache.of(resource).size > 0)) return;
    log.append({
      resource: change.collectionId,
      kind: change.kind,
      removed: change.removed === true,
      importance: change.importance,
      at: change.at,
      above,
      properties: change.properties ?? [],
      suppressed: [...store.idsByLocation(change.user, excluded.urls), ...withoutRights(change)],
    });
  };

  return {
    properties: (resource: WatchedCollection) =>
      pushProperties(
        resource,
        identity.topicOf(resource.id),
        transports.map((transport) => transport.advertise(resource, '')).join(''),
      ),
    vendorProperties: (resource, origin) =>
      transports.flatMap((transport) => transport.vendorProperties(resource, origin)),
    endpoints: transports.flatMap((transport) => transport.endpoints),
    register: (user, resource, request: XmlElement, origin) =>
      request.ns === ns.push && request.name === 'push-register'
        ? registrar.register(user, resource, request, origin)
        : { status: 400, headers: {}, body: '' },
    unregister: (user, id) => (registrar.unregister(user, id) ? noContent : notFound),
    record,
    async rotateKeys() {
      const webPush = transports.find(({ name }) => name === 'web-push');
      const told =
        webPush === undefined
          ? 0
          : await announceRotation(store.active('web-push', now()), webPush, now, limits.totalTimeoutMs);
      identity.rotate();
      return told;
    },
    wake: () => dispatcher.wake(),
    totals: () => dispatcher.totals(),
    async close() {
      clearInterval(expiry);
      await dispatcher.close();
    },
  };
}
