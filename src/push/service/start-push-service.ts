import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { WebSocketServer } from 'ws';
import { DavpulseError } from '../../errors/index.ts';
import { serveAgent } from './autopush-socket.ts';
import { fateOf, type FaultPlan } from './faults.ts';
import { Hub } from './hub.ts';
import { readBody, readPushHeaders } from './push-resource.ts';
import { createServiceStore, newToken } from './store.ts';

export interface PushServiceOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** File of its SQLite store; in memory when left out. */
  readonly db?: string;
  /** What user agents and application servers reach it by; made from host and port when left out. No trailing slash. */
  readonly publicUrl?: string;
  readonly faults?: FaultPlan;
  readonly now?: () => number;
}

/** Messages since the start. */
export interface PushServiceTotals {
  readonly accepted: number;
  /** Lost on purpose, by a fault. */
  readonly dropped: number;
}

export interface PushService {
  /** No trailing slash. */
  readonly url: string;
  /** Where user agents connect. */
  readonly wsUrl: string;
  readonly port: number;
  totals(): PushServiceTotals;
  close(): Promise<void>;
}

const expiryEveryMs = 30_000;

async function listen(server: Server, host: string, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  try {
    await promise;
  } catch (cause) {
    throw new DavpulseError(
      'DAVPULSE_PORT_IN_USE',
      `The push service cannot listen on ${host}:${port}: the port is taken or not allowed. Choose another with --port.`,
      { cause },
    );
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/**
 * Starts the bundled push service: application servers push by RFC 8030, user agents connect over WebSocket.
 * @throws DavpulseError DAVPULSE_PORT_IN_USE
 */
export async function startPushService(options: PushServiceOptions): Promise<PushService> {
  const { host, now = Date.now, faults = { seed: 0, rules: [] } } = options;
  const db = new DatabaseSync(options.db ?? ':memory:');
  if (options.db !== undefined) db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  const store = createServiceStore(db);
  const hub = new Hub(store, now);
  const startedAt = now();
  const counts = { accepted: 0, dropped: 0 };
  const pushed = new Map<number, number>();
  let url = '';

  const push = async (token: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const subscription = store.byPushToken(token);
    const headers = readPushHeaders(request);
    if (subscription === undefined) return answer(response, 404, {}, 'no such subscription');
    if ('wrong' in headers) return answer(response, 400, {}, headers.wrong);
    if (body === undefined) return answer(response, 413, {}, 'more than 4096 bytes');
    const index = pushed.get(subscription.id) ?? 0;
    pushed.set(subscription.id, index + 1);
    const at = now();
    const { dropped, delayMs } = fateOf(faults, subscription, index, at - startedAt);
    const { ttlSeconds, urgency, topic } = headers;
    const message = {
      token: newToken(),
      topic,
      urgency,
      ttlSeconds,
      expiresAt: at + ttlSeconds * 1000,
      deliverAt: at + delayMs,
      encoding: request.headers['content-encoding'],
      body,
    };
    counts.accepted += 1;
    if (dropped) counts.dropped += 1;
    else hub.accept(subscription, message);
    answer(response, 201, { Location: `${url}/message/${message.token}`, TTL: String(ttlSeconds) });
  };

  const server = createServer((request, response) => {
    const [, kind = '', token = ''] = (request.url ?? '').split('/');
    if (kind === 'push' && request.method === 'POST') {
      push(token, request, response).catch(() => response.destroy());
    } else answer(response, 404);
  });
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 65_536 });
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      serveAgent(webSocket, {
        store,
        hub,
        endpointOf: (pushToken) => `${url}/push/${pushToken}`,
        now,
        helloWithinMs: 5000,
      }),
    );
  });

  const port = await listen(server, host, options.port);
  url = options.publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const expiry = setInterval(() => store.removeExpired(now()), expiryEveryMs);
  expiry.unref();

  return {
    url,
    wsUrl: `${url.replace(/^http/, 'ws')}/`,
    port,
    totals: () => ({ ...counts }),
    async close() {
      clearInterval(expiry);
      hub.close();
      for (const socket of sockets.clients) socket.terminate();
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeAllConnections();
      await promise;
      db.close();
    },
  };
}

function answer(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  text = '',
): void {
  response.writeHead(status, text === '' ? headers : { ...headers, 'Content-Type': 'text/plain' });
  response.end(text);
}
