import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { child, ns } from '../../../xml/index.ts';
import { pushMessageXml } from '../../webdav-push/push-message.ts';
import type { Delivery, PushTransport, TransportHost } from '../transport.ts';

/** Names of the elements that davpulse adds to the WebDAV-Push framework. */
export const streamNamespace = 'urn:davpulse:push';

export interface StreamOptions {
  readonly host: TransportHost;
  /** Interval of the comments that keep the connection open through proxies, and find it dead. */
  readonly keepAliveMs: number;
  /** A client that reads so slowly that this many bytes wait for it is cut off. */
  readonly maxBufferedBytes: number;
}

const eventStream = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' };
const channelName = /^[\w-]{16,64}$/;

/** Positions as event ids; anything else a client sends is no position. */
const positionOf = (id: string | string[] | undefined): number | undefined =>
  typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : undefined;

/**
 * For clients with no push service at all: the DAV server holds one authenticated event stream per client, for all
 * its collections. `Last-Event-ID` resumes it; what a client is owed while away waits, merged, until it comes.
 */
export function createEventStreamTransport({
  host,
  keepAliveMs,
  maxBufferedBytes,
}: StreamOptions): PushTransport {
  const path = `${host.endpointPath}stream`;
  const streams = new Map<string, ServerResponse>();
  const place = (user: string, channel: string): string => `${user}\0${channel}`;
  const keepAlive = setInterval(() => {
    for (const response of streams.values()) response.write(': keep-alive\n\n');
  }, keepAliveMs);
  keepAlive.unref();

  const serve = (user: string, request: IncomingMessage, response: ServerResponse): void => {
    if (request.method !== 'GET') {
      response.writeHead(405, { Allow: 'GET' }).end();
      return;
    }
    const wanted = new URL(request.url ?? '', 'http://localhost').searchParams.get('channel') ?? '';
    const channel = channelName.test(wanted) ? wanted : randomBytes(18).toString('base64url');
    const key = place(user, channel);
    streams.get(key)?.end();
    streams.set(key, response);
    response.on('close', () => {
      if (streams.get(key) === response) streams.delete(key);
    });
    response.writeHead(200, eventStream);
    const position = positionOf(request.headers['last-event-id']);
    // With an id from the first event on, a client whose stream breaks before any message still tells what it has not seen.
    response.write(`id: ${position ?? 0}\nevent: channel\ndata: ${channel}\n\n`);
    host.arrived(user, channel, position);
  };

  return {
    name: 'stream',
    endpoints: [{ path, serve }],
    advertise: (_resource, origin) =>
      `<stream xmlns="${streamNamespace}"><href xmlns="${ns.dav}">${origin}${path}</href></stream>`,
    vendorProperties: () => [],
    subscribe(element) {
      if (element.ns !== streamNamespace || element.name !== 'stream-subscription') return undefined;
      const channel = child(element, streamNamespace, 'channel')?.text.trim() ?? '';
      return channelName.test(channel) ? { address: channel, details: '' } : 'invalid';
    },
    // Every client is a connection of its own: none waits for another.
    originOf: (address) => address,
    send(delivery: Delivery) {
      const response = streams.get(place(delivery.user, delivery.address));
      if (response === undefined || delivery.message === 'key-rotation') {
        return Promise.resolve({ kind: 'away' });
      }
      if (response.writableLength > maxBufferedBytes) {
        response.destroy();
        return Promise.resolve({ kind: 'away' });
      }
      const data = pushMessageXml(delivery.message).replaceAll('\n', '\ndata: ');
      response.write(`id: ${delivery.position}\nevent: push-message\ndata: ${data}\n\n`);
      return Promise.resolve({ kind: 'accepted' });
    },
    close() {
      clearInterval(keepAlive);
      for (const response of streams.values()) response.end();
      streams.clear();
      return Promise.resolve();
    },
  };
}
