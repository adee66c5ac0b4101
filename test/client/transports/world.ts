import { generateKeyPairSync } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import {
  basicCredentials,
  Connection,
  createAppleClient,
  createStreamClient,
  createWebPushClient,
  putObject,
  PushSubscriptionKeeper,
  type ClientEnvironment,
  type KeeperClock,
  type KeeperReport,
  type Session,
} from '../../../src/client/index.ts';
import { startDavServer } from '../../../src/dav/index.ts';
import {
  createPushEngine,
  startApnsGateway,
  startPushService,
  type PushEngine,
} from '../../../src/push/index.ts';
import { until } from '../../push/dav-side.ts';
import { objectOf } from '../server.ts';

export const home = '/calendars/ann/';
export const calendar = '/calendars/ann/calendar/';

/** A clock that stands until it is moved. */
export class ManualClock implements KeeperClock {
  #now = Date.now();
  readonly #actions = new Map<object, { readonly at: number; readonly action: () => void }>();

  now = (): number => this.#now;

  at = (at: number, action: () => void): (() => void) => {
    const key = {};
    this.#actions.set(key, { at, action });
    return () => void this.#actions.delete(key);
  };

  advance(ms: number): void {
    this.#now += ms;
    for (const [key, { at, action }] of this.#actions) {
      if (at > this.#now) continue;
      this.#actions.delete(key);
      action();
    }
  }
}

/** A wire that can be cut: everything that comes in on its port goes to another. */
export async function startWire(port: number, listenAt = 0) {
  const sockets = new Set<Socket>();
  const server = createServer((inner) => {
    const outer = connect(port, '127.0.0.1');
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    inner.pipe(outer).pipe(inner);
  });
  await new Promise<void>((resolve) => server.listen(listenAt, '127.0.0.1', resolve));
  const address = server.address();
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    cut();
    await closed;
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut,
    /** Nothing gets through any more, and nobody notices. */
    freeze() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The bundled server with every transport, its push services behind wires, and one device that keeps itself subscribed. */
export async function startWorld() {
  await using made = new AsyncDisposableStack();
  const pushService = await startPushService({ host: '127.0.0.1', port: 0 });
  made.defer(() => pushService.close());
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const identity = { bundleId: 'com.example.calendar', teamId: 'TEAM', keyId: 'KEY' };
  const gateway = await startApnsGateway({ host: '127.0.0.1', port: 0, publicKey, ...identity });
  made.defer(() => gateway.close());
  const engines: PushEngine[] = [];
  const server = await startDavServer({
    host: '127.0.0.1',
    port: 0,
    db: ':memory:',
    users: [{ name: 'ann', password: 'one' }],
    createPushEngine: (db, host) => {
      const engine = createPushEngine({
        db,
        host,
        policy: { kind: 'immediate', ttlSeconds: 60, topic: 1 },
        allowLoopback: true,
        apple: { ...identity, privateKey, gateway: gateway.url, environment: 'SANDBOX' },
      });
      engines.push(engine);
      return engine;
    },
  });
  made.defer(() => server.close());
  const { origin } = new URL(server.url);
  const connection = new Connection({
    origin,
    keepAliveMs: 10_000,
    timeoutMs: 10_000,
    verifyCertificate: false,
  });
  made.defer(() => connection.close());
  const session: Session = {
    connection,
    credentials: basicCredentials('ann', 'one'),
    now: () => performance.now(),
  };
  const wire = await startWire(server.port);
  made.defer(() => wire.close());
  const clock = new ManualClock();
  const token = 'a1'.repeat(32);
  let writes = 0;
  const things = made.move();

  return {
    session,
    clock,
    wire,
    pushService,
    gateway,
    token,
    engine: (): PushEngine => {
      const [engine] = engines;
      if (engine === undefined) throw new Error('no engine');
      return engine;
    },
    async write(): Promise<void> {
      const name = `event-${(writes += 1)}`;
      await putObject(session, 'calendar', `${calendar}${name}.ics`, objectOf('calendar', name, 'text'));
    },
    keeper(environment: Partial<ClientEnvironment>, pushServiceUrl = pushService.wsUrl) {
      const changes: string[] = [];
      const reports: KeeperReport[] = [];
      const device = {
        token,
        onNotification: (listener: (key: string) => void) => {
          let seen: unknown;
          const timer = setInterval(() => {
            // The gateway keeps the newest of those with one collapse id.
            const payload = gateway.notificationsOf(token).at(-1)?.payload;
            if (payload === seen) return;
            seen = payload;
            if (typeof payload === 'object' && payload !== null && 'key' in payload) {
              listener(String(payload.key));
            }
          }, 5);
          things.defer(() => clearInterval(timer));
        },
      };
      const keeper = new PushSubscriptionKeeper({
        session,
        environment: {
          hasPushService: false,
          isAppleDevice: false,
          mayHoldConnection: false,
          onBattery: false,
          ...environment,
        },
        transports: [
          createStreamClient({
            session,
            origin: `http://127.0.0.1:${wire.port}`,
            verifyCertificate: true,
            reconnectMs: 10,
            maxFailures: 2,
          }),
          createWebPushClient(session, pushServiceUrl, 300),
          createAppleClient(session, device, clock.now),
        ],
        clock,
        onChange: (collection) => changes.push(collection),
        onReport: (report) => reports.push(report),
      });
      things.defer(() => keeper.close());
      return {
        keeper,
        changes,
        reports,
        reported: (count: number) => until(() => reports.length >= count, `${count} reports`),
      };
    },
    [Symbol.asyncDispose]: () => things.disposeAsync(),
  };
}
