import type { EndpointGuard } from '../guard/endpoint-guard.ts';
import { createAppleTransport, type AppleSettings } from './apple/apple-transport.ts';
import { createEventStreamTransport } from './stream/event-stream-transport.ts';
import type { PushTransport, TransportHost } from './transport.ts';
import type { VapidIdentity } from './web-push/vapid-header.ts';
import { createWebPushTransport } from './web-push/web-push-transport.ts';

/** What every transport may need; each takes its part. */
export interface TransportSettings {
  readonly identity: () => VapidIdentity;
  readonly guard: EndpointGuard;
  readonly strictEncoding: boolean;
  readonly connectTimeoutMs: number;
  readonly connectionsPerOrigin: number;
  readonly streamKeepAliveMs: number;
  readonly apple: AppleSettings | undefined;
  readonly serverName: string;
  readonly ca: string | readonly string[] | undefined;
  readonly now: () => number;
}

/** How a transport is made; undefined when it is not set up. */
type TransportFactory = (
  settings: TransportSettings,
  hostOf: (transport: string) => TransportHost,
) => PushTransport | undefined;

/** Every transport; a new one is a folder and a line here. */
const factories: readonly TransportFactory[] = [
  ({ ca, ...settings }) => createWebPushTransport({ ...settings, ...(ca === undefined ? {} : { ca }) }),
  ({ streamKeepAliveMs: keepAliveMs }, hostOf) =>
    createEventStreamTransport({ host: hostOf('stream'), keepAliveMs, maxBufferedBytes: 1_000_000 }),
  ({ apple, ca, serverName, now }, hostOf) =>
    apple &&
    createAppleTransport({
      ...apple,
      host: hostOf('apple'),
      serverName,
      now,
      ...(ca === undefined ? {} : { ca }),
    }),
];

/** The transports that are set up, in the order in which they are advertised. */
export const createTransports = (
  settings: TransportSettings,
  hostOf: (transport: string) => TransportHost,
): readonly PushTransport[] => factories.flatMap((create) => create(settings, hostOf) ?? []);
