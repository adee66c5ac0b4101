import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { DavpulseError } from '../../errors/index.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
  readonly requestTimeoutMs: number;
}

export interface Listener {
  readonly port: number;
  readonly url: string;
  readonly connections: () => number;
  /** Stops listening, lets running requests finish for a moment, then closes what is open. */
  close(): Promise<void>;
}

const graceMs = 1000;

/** Listens for HTTP/1.1, and over TLS for HTTP/2 as well. @throws DavpulseError DAVPULSE_PORT_IN_USE */
export async function listen(options: ListenOptions, listener: RequestListener): Promise<Listener> {
  const sessions = new Set<ServerHttp2Session>();
  const sockets = new Set<Socket>();
  // Node looks for late requests at this interval only.
  const checks = { connectionsCheckingInterval: Math.min(5000, options.requestTimeoutMs / 2) };
  const server =
    options.tls === undefined
      ? createServer(checks, listener)
      : createSecure(options.tls, listener, sessions, checks);
  configure(server, options);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: Error) => reject(busy(options, cause)));
    server.listen(options.port, options.host, resolve);
  });
  const { port } = addressOf(server.address());
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    port,
    url: `${options.tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    connections: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          for (const socket of sockets) socket.destroy();
        }, graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        for (const session of sessions) session.close();
        if ('closeIdleConnections' in server) server.closeIdleConnections();
      }),
  };
}

function createSecure(
  tls: { readonly key: string; readonly cert: string },
  listener: RequestListener,
  sessions: Set<ServerHttp2Session>,
  checks: { readonly connectionsCheckingInterval: number },
): Http2SecureServer {
  const server = createSecureServer({ ...tls, ...checks, allowHTTP1: true }, (request, response) => {
    // The compatibility API of HTTP/2 has the members of its HTTP/1.1 counterparts that are used here.
    listener(
      request as unknown as IncomingMessage,
      response as unknown as ServerResponse & { req: IncomingMessage },
    );
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  return server;
}

function configure(server: Server | Http2SecureServer, { requestTimeoutMs }: ListenOptions): void {
  if ('requestTimeout' in server) {
    server.requestTimeout = requestTimeoutMs;
    server.headersTimeout = Math.min(requestTimeoutMs, 30_000);
    server.keepAliveTimeout = 65_000;
  }
  // A request that cannot be parsed gets 400 and loses its connection; nothing of it reaches a handler.
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // Methods that the parser does not know do not come to be answered as others that are not served.
    const status = error.code === 'HPE_INVALID_METHOD' ? '501 Not Implemented' : '400 Bad Request';
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`);
    else socket.destroy();
  });
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address;
}

function busy({ host, port }: ListenOptions, cause: Error): DavpulseError {
  return new DavpulseError(
    'DAVPULSE_PORT_IN_USE',
    `cannot listen on ${host}:${port} (${cause.message}); choose another with --port`,
    { cause },
  );
}
