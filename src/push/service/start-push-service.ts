import { DatabaseSync } from 'node:sqlite';
import { WebSocketServer } from 'ws';
import { migrate } from '../store/migrate.ts';
import { serveAgent } from './autopush-socket.ts';
import { answerControl } from './control.ts';
import { FaultDesk } from './fault-desk.ts';
import type { Fate, FaultPlan } from './faults.ts';
import { Hub } from './hub.ts';
import { keepAlive } from './keep-alive.ts';
import { listen } from './listener.ts';
import { createMessageStore } from './message-store.ts';
import { createRateLimiter, type RateLimit } from './rate-limit.ts';
import { createReceipts } from './receipts.ts';
import type { ServiceSubscription } from './records.ts';
import { route, type Router } from './router.ts';
import { steps } from './schema.ts';
import type { ServiceParts } from './service-parts.ts';
import { createSubscriptionStore } from './subscription-store.ts';
import { createVapidCheck } from './vapid-check.ts';

export interface PushServiceOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** File of its SQLite store; in memory when left out. */
  readonly db?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** What user agents and application servers reach it by; made from host and port when left out. No trailing slash. */
  readonly publicUrl?: string;
  readonly faults?: FaultPlan;
  /** Answers control calls from loopback: `GET` and `PUT /faults`, `GET /totals`. */
  readonly control?: boolean;
  /** None when left out. */
  readonly rateLimit?: RateLimit;
  /** Lifetime of subscriptions; endless when left out. */
  readonly subscriptionMs?: number;
  readonly maxTtlSeconds?: number;
  readonly redeliverMs?: number;
  /** Interval of the pings that find dead connections. */
  readonly pingMs?: number;
  readonly now?: () => number;
}

/** Counts since the start. */
export interface PushServiceTotals {
  readonly accepted: number;
  /** Lost on purpose, by a fault. */
  readonly dropped: number;
  /** Notifications sent to user agents, repeated ones included. */
  readonly delivered: number;
  readonly acknowledged: number;
  readonly connected: number;
  /** Messages in store. */
  readonly stored: number;
}

export interface PushService {
  /** No trailing slash. */
  readonly url: string;
  /** Where user agents connect. */
  readonly wsUrl: string;
  readonly port: number;
  totals(): PushServiceTotals;
  /** Replaces the faults; their times count from now. @throws ZodError */
  setFaults(plan: FaultPlan): void;
  close(): Promise<void>;
}

const sweepMs = 1000;
const fourWeeksSeconds = 28 * 86_400;

function openStore(file: string | undefined): DatabaseSync {
  const db = new DatabaseSync(file ?? ':memory:');
  if (file !== undefined) db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  migrate(db, 'service_schema', steps);
  return db;
}

/**
 * Starts the bundled push service: application servers push by RFC 8030, user agents connect by WebSocket
 * (autopush) or HTTP/2. @throws DavpulseError DAVPULSE_PORT_IN_USE
 */
export async function startPushService(options: PushServiceOptions): Promise<PushService> {
  const { host, now = Date.now, subscriptionMs } = options;
  const db = openStore(options.db);
  const subscriptions = createSubscriptionStore(db);
  const messages = createMessageStore(db);
  const receipts = createReceipts(messages, now);
  const hub = new Hub(messages, { now, unacknowledged: 100, redeliverMs: options.redeliverMs ?? 60_000 });
  const faults = new FaultDesk(options.faults ?? { seed: 0, rules: [] }, now, () => hub.endAll());
  const counts = { accepted: 0, dropped: 0, acknowledged: 0 };
  let url = '';

  const parts: ServiceParts = {
    subscriptions,
    messages,
    hub,
    receipts,
    checkVapid: createVapidCheck(() => url, now),
    rateLimiter: createRateLimiter(options.rateLimit),
    helloWithinMs: 5000,
    maxTtlSeconds: options.maxTtlSeconds ?? fourWeeksSeconds,
    now,
    url: () => url,
    expiryOfNew: () => (subscriptionMs === undefined ? undefined : now() + subscriptionMs),
    acknowledge(agent, token) {
      const { found, receipt } = messages.acknowledge(token);
      if (found) counts.acknowledged += 1;
      if (receipt !== undefined) receipts.tell(receipt);
      if (agent !== undefined) hub.acknowledged(agent, token);
      return found;
    },
  };

  const fateOf = (subscription: ServiceSubscription, topic: string | undefined): Fate => {
    const fate = faults.fateOf(subscription, topic);
    if (fate.answer === undefined) counts.accepted += 1;
    if (fate.dropped) counts.dropped += 1;
    return fate;
  };
  const totals = (): PushServiceTotals => ({
    ...counts,
    delivered: hub.delivered,
    connected: hub.connected,
    stored: messages.count(),
  });

  const router: Router = {
    fateOf,
    control:
      options.control === true
        ? (exchange, name) => answerControl(exchange, name, faults, totals)
        : undefined,
  };
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 65_536 });
  const listener = await listen({
    host,
    port: options.port,
    tls: options.tls,
    onExchange(exchange) {
      if (faults.outage && !/^\/(faults|totals)$/.test(exchange.path)) exchange.destroy();
      else route(exchange, parts, router).catch(() => exchange.destroy());
    },
    onUpgrade(request, socket, head) {
      if (faults.outage) socket.destroy();
      else sockets.handleUpgrade(request, socket, head, (webSocket) => serveAgent(webSocket, parts));
    },
  });
  const scheme = options.tls === undefined ? 'http' : 'https';
  const authority = `${host.includes(':') ? `[${host}]` : host}:${listener.port}`;
  url = options.publicUrl ?? `${scheme}://${authority}`;
  const sweep = setInterval(() => {
    for (const receipt of messages.expire(now())) receipts.tell(receipt);
    hub.redeliver();
  }, sweepMs);
  sweep.unref();
  const pings = keepAlive(sockets, options.pingMs ?? 300_000);

  return {
    url,
    wsUrl: `${url.replace(/^http/, 'ws')}/`,
    port: listener.port,
    totals,
    setFaults: (plan) => faults.set(plan),
    async close() {
      clearInterval(sweep);
      clearInterval(pings);
      faults.close();
      hub.close();
      for (const socket of sockets.clients) socket.terminate();
      await listener.close();
      db.close();
    },
  };
}
