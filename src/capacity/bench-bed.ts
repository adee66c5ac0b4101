import { randomBytes, randomInt } from 'node:crypto';
import type { TransportSpec } from '../../sim/index.ts';
import {
  basicCredentials,
  createCollection,
  createPushKeys,
  deleteCollection,
  discoverAccount,
  PushUserAgent,
  putObject,
  readCollectionAt,
  registerPush,
  type ByteCount,
  type Connection,
  type Exchange,
  type Notification,
  type Session,
} from '../client/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { connectTo, makeUsers, objectBody, type ServerUser, type Target } from '../live/index.ts';
import { startMeasuredServer } from './measured-server.ts';

/** A server with one account and one calendar, to take measurements on. */
export interface BenchBed {
  readonly target: Target;
  /** Ends with the signal of the bed, and so does whatever is measured on it. */
  readonly session: Session & { readonly signal: AbortSignal };
  readonly collection: string;
  readonly home: string;
  /** Every request so far, newest last; emptied by whoever measures. */
  readonly exchanges: Exchange[];
  /** Bytes of the TLS handshake; zero in clear text. */
  readonly connectBytes: ByteCount;
  pathOf(object: number): string;
  /** Object number `object` in a version. */
  bodyOf(object: number, version: number): string;
  /** Writes object number `object` in a version that differs from the last. */
  put(object: number): Promise<void>;
  /** Opens a push connection and registers it at the calendar. */
  subscribe(onNotification: (notification: Notification) => void): Promise<PushUserAgent>;
  /** Another calendar of the account, empty and without subscribers. */
  beside(): Promise<BenchBed>;
}

const registrationMs = 3 * 86_400_000;

/** What lies on a bed. */
export interface BedSize {
  readonly transport: TransportSpec;
  readonly objectBytes: number;
  readonly objects: number;
  /** Aborts what is done on the bed, other than taking it away. */
  readonly signal: AbortSignal;
}

/** Starts the bundled server for measurements; it ends with the stack. @throws DavpulseError when it does not come up */
export async function raiseBenchBed(
  size: Omit<BedSize, 'signal'>,
  signal: AbortSignal,
  stack: AsyncDisposableStack,
): Promise<BenchBed> {
  const { transport } = size;
  const users = makeUsers(1);
  const target = await startMeasuredServer(
    {
      seed: 1,
      transport,
      pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 0 },
      pushService: { name: 'bundled', delayMs: { kind: 'constant', value: 0 }, loss: 0, keepAliveMs: 0 },
    },
    users,
    signal,
    stack,
  );
  return await openBed(target, target.users[0], { ...size, signal }, stack);
}

/** Makes a calendar for measurements in the home of an account; it is gone with the stack. @throws DavpulseError when the server refuses or fails */
export async function openBed(
  target: Target,
  user: ServerUser | undefined,
  { transport, objectBytes, objects, signal }: BedSize,
  stack: AsyncDisposableStack,
): Promise<BenchBed> {
  if (user === undefined) throw new RangeError('a bench bed needs an account');
  let connectBytes: ByteCount = { up: 0, down: 0 };
  const connection: Connection = connectTo(target, { transport }, (bytes) => {
    connectBytes = bytes;
  });
  stack.defer(() => connection.close());
  const exchanges: Exchange[] = [];
  const lasting: Session = {
    connection,
    credentials: basicCredentials(user.name, user.password),
    now: () => performance.now(),
  };
  const session = { ...lasting, signal, onExchange: (exchange: Exchange) => exchanges.push(exchange) };
  const { calendarHome } = await discoverAccount(session, target.basePath);
  if (calendarHome === undefined) {
    throw new DavpulseError('DAVPULSE_SERVER_FAILED', 'the server names no calendar home');
  }
  // As long as the names of a live run's collections, since names count as bytes.
  const collection = `${calendarHome.replace(/\/?$/, '/')}davpulse-${randomBytes(4).toString('hex')}-10/`;
  await createCollection(session, 'calendar', collection, 'measurements');
  stack.defer(() => deleteCollection(lasting, collection).catch(unlessAborted(signal)));
  let version = 0;
  // Some servers take a UID once in all calendars of a user, not only in each (RFC 4791 section 5.3.2.1).
  const bedNumber = randomInt(1e9, 1e10);
  const bed: BenchBed = {
    target,
    session,
    collection,
    home: calendarHome,
    exchanges,
    get connectBytes() {
      return connectBytes;
    },
    pathOf: (object) => `${collection}o${object}.ics`,
    bodyOf: (object, change) =>
      objectBody('calendar', { collection: bedNumber, object, change }, objectBytes),
    async put(object) {
      version += 1;
      await putObject(session, 'calendar', bed.pathOf(object), bed.bodyOf(object, version));
    },
    subscribe: (onNotification) => subscribe(bed, onNotification, stack),
    beside: () => openBed(target, user, { transport, objectBytes, objects: 0, signal }, stack),
  };
  for (let object = 0; object < objects; object += 1) await bed.put(object);
  return bed;
}

/** What goes wrong while everything ends is no news. */
const unlessAborted = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted) throw error;
};

async function subscribe(
  { target, session, collection }: BenchBed,
  onNotification: (notification: Notification) => void,
  stack: AsyncDisposableStack,
): Promise<PushUserAgent> {
  if (target.pushServiceUrl === undefined) throw new RangeError('this bench bed has no push service');
  const found = await readCollectionAt(session, collection);
  const agent = await PushUserAgent.connect(
    `${target.pushServiceUrl.replace(/^http/, 'ws')}/`,
    onNotification,
  );
  stack.defer(() => agent.close());
  const { endpoint } = await agent.subscribe(found?.vapidKey);
  const expiresAt = Date.now() + registrationMs;
  await registerPush(session, collection, { endpoint, keys: createPushKeys(), expiresAt });
  return agent;
}
