import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { createSecureServer, createServer, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { z } from 'zod';
import { DavpulseError } from '../../errors/index.ts';

export interface ApnsGatewayOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** The app that devices have installed; other topics are refused. */
  readonly bundleId: string;
  readonly teamId: string;
  readonly keyId: string;
  /** PEM of the public half of the provider's key. */
  readonly publicKey: string;
  /** Notifications that one device takes per second before 429; unlimited when left out. */
  readonly perDevicePerSecond?: number;
  readonly now?: () => number;
}

export interface ApnsNotification {
  readonly token: string;
  readonly pushType: string | undefined;
  readonly priority: number;
  /** Epoch seconds. */
  readonly expiration: number;
  readonly collapseId: string | undefined;
  readonly payload: unknown;
}

export interface ApnsGateway {
  readonly url: string;
  /** What devices hold: of those with one collapse id only the newest. */
  notificationsOf(token: string): readonly ApnsNotification[];
  /** From now on 410, as for a device that removed the app. */
  unregister(token: string): void;
  close(): Promise<void>;
}

const maxPayloadBytes = 4096;
const maxTokenAgeSeconds = 3600;
const claims = z.object({ iss: z.string(), iat: z.number() });
const head = z.object({ alg: z.literal('ES256'), kid: z.string() });

interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly timestamp?: number;
}

const decode = (part: string | undefined): unknown => {
  try {
    return JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
  } catch {
    return undefined;
  }
};

function refuseToken(
  authorization: string | undefined,
  options: ApnsGatewayOptions,
  key: KeyObject,
  seconds: number,
): Refusal | undefined {
  const [, token] = /^bearer (\S+)$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) return { status: 403, reason: 'MissingProviderToken' };
  const [first, second, signature] = token.split('.');
  const header = head.safeParse(decode(first)).data;
  const claimed = claims.safeParse(decode(second)).data;
  const good =
    header?.kid === options.keyId &&
    claimed?.iss === options.teamId &&
    verify(
      'sha256',
      Buffer.from(`${first}.${second}`),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature ?? '', 'base64url'),
    );
  if (!good) return { status: 403, reason: 'InvalidProviderToken' };
  return seconds - claimed.iat > maxTokenAgeSeconds
    ? { status: 403, reason: 'ExpiredProviderToken' }
    : undefined;
}

const single = (value: string | string[] | undefined): string | undefined => [value].flat()[0];

const pushTypes = new Set([
  'alert',
  'background',
  'complication',
  'controls',
  'fileprovider',
  'liveactivity',
  'location',
  'mdm',
  'pushtotalk',
  'voip',
  'widgets',
]);

function refuseHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  bundleId: string,
): Refusal | undefined {
  if (headers['apns-topic'] === undefined) return { status: 400, reason: 'MissingTopic' };
  if (headers['apns-topic'] !== bundleId) return { status: 400, reason: 'TopicDisallowed' };
  const pushType = single(headers['apns-push-type']);
  if (pushType !== undefined && !pushTypes.has(pushType)) return { status: 400, reason: 'InvalidPushType' };
  const priorities = pushType === 'background' ? ['1', '5'] : ['1', '5', '10'];
  if (!priorities.includes(single(headers['apns-priority']) ?? '10')) {
    return { status: 400, reason: 'BadPriority' };
  }
  if (!/^\d+$/.test(single(headers['apns-expiration']) ?? '0')) {
    return { status: 400, reason: 'BadExpirationDate' };
  }
  return (single(headers['apns-collapse-id']) ?? '').length > 64
    ? { status: 400, reason: 'BadCollapseId' }
    : undefined;
}

/** A stand-in for APNs on loopback: the provider interface over HTTP/2, answering as APNs does. */
export async function startApnsGateway(options: ApnsGatewayOptions): Promise<ApnsGateway> {
  const { host, now = Date.now } = options;
  const key = createPublicKey(options.publicKey);
  const devices = new Map<string, ApnsNotification[]>();
  const gone = new Map<string, number>();
  const lately = new Map<string, { second: number; count: number }>();

  const tooMany = (token: string): boolean => {
    const second = Math.floor(now() / 1000);
    const entry = lately.get(token);
    const count = entry?.second === second ? entry.count + 1 : 1;
    lately.set(token, { second, count });
    return count > (options.perDevicePerSecond ?? Infinity);
  };

  const refuseDevice = (token: string): Refusal | undefined => {
    const since = gone.get(token);
    if (since !== undefined) return { status: 410, reason: 'Unregistered', timestamp: since };
    if (!/^[0-9a-f]{16,200}$/.test(token)) return { status: 400, reason: 'BadDeviceToken' };
    return tooMany(token) ? { status: 429, reason: 'TooManyRequests' } : undefined;
  };

  const keep = (notification: ApnsNotification): void => {
    const held = devices.get(notification.token) ?? [];
    const { collapseId } = notification;
    const others = held.filter((other) => collapseId === undefined || other.collapseId !== collapseId);
    devices.set(notification.token, [...others, notification]);
  };

  const receive = async (
    stream: ServerHttp2Stream,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): Promise<void> => {
    let body = '';
    stream.setEncoding('utf8');
    for await (const chunk of stream) if (body.length <= maxPayloadBytes) body += String(chunk);
    const [, token] = /^\/3\/device\/([^/]+)$/.exec(single(headers[':path']) ?? '') ?? [];
    const payload = decode(Buffer.from(body).toString('base64url'));
    const refusal =
      (headers[':method'] === 'POST' ? undefined : { status: 405, reason: 'MethodNotAllowed' }) ??
      (token === undefined ? { status: 404, reason: 'BadPath' } : undefined) ??
      refuseToken(single(headers['authorization']), options, key, now() / 1000) ??
      refuseHeaders(headers, options.bundleId) ??
      (body.length > maxPayloadBytes ? { status: 413, reason: 'PayloadTooLarge' } : undefined) ??
      (payload === undefined ? { status: 400, reason: 'PayloadEmpty' } : undefined) ??
      refuseDevice(token ?? '');
    const id = { 'apns-id': crypto.randomUUID() };
    if (refusal !== undefined) {
      const { status, ...told } = refusal;
      stream.respond({ ':status': status, ...id });
      stream.end(JSON.stringify(told));
      return;
    }
    keep({
      token: token ?? '',
      pushType: single(headers['apns-push-type']),
      priority: Number(single(headers['apns-priority']) ?? 10),
      expiration: Number(single(headers['apns-expiration']) ?? 0),
      collapseId: single(headers['apns-collapse-id']),
      payload,
    });
    stream.respond({ ':status': 200, ...id });
    stream.end();
  };

  const { tls } = options;
  const server = tls === undefined ? createServer() : createSecureServer(tls);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => stream.close());
    receive(stream, headers).catch(() => stream.close());
  });
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(options.port, host, listening.resolve);
  await listening.promise.catch((cause: unknown) => {
    throw new DavpulseError(
      'DAVPULSE_PORT_IN_USE',
      `The APNs gateway cannot listen on ${host}:${options.port}: the port is taken or not allowed.`,
      { cause },
    );
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;

  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    notificationsOf: (token) => devices.get(token) ?? [],
    unregister: (token) => void gone.set(token, now()),
    async close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      for (const socket of sockets) socket.destroy();
      await closed.promise;
    },
  };
}
