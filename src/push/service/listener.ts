import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer, createServer as createHttp2Server } from 'node:http2';
import { createServer as createNetServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { DavpulseError } from '../../errors/index.ts';
import { exchangeOfHttp1, exchangeOfHttp2, type Exchange } from './exchange.ts';

export interface ListenerParts {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly onExchange: (exchange: Exchange) => void;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** The first octets of HTTP/2 with prior knowledge (RFC 9113 section 3.4). */
const preface = Buffer.from('PRI * HTTP/2.0\r\n');

/** In clear text there is no ALPN, so the first octets of a connection tell which HTTP it speaks. */
function clearTextServer({ onExchange, onUpgrade }: ListenerParts): Server {
  const http1 = createHttpServer((request, response) => onExchange(exchangeOfHttp1(request, response)));
  http1.on('upgrade', onUpgrade);
  const http2 = createHttp2Server();
  http2.on('stream', (stream, headers) => onExchange(exchangeOfHttp2(stream, headers)));
  http2.on('sessionError', () => {});
  return createNetServer((socket: Socket) => {
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    socket.once('data', (first: Buffer) => {
      socket.pause();
      const server = first.subarray(0, preface.length).equals(preface) ? http2 : http1;
      socket.unshift(first);
      server.emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
}

function secureServer(
  { onExchange, onUpgrade }: ListenerParts,
  tls: { readonly cert: string; readonly key: string },
): Server {
  const server = createSecureServer({ allowHTTP1: true, ...tls });
  server.on('stream', (stream, headers) => onExchange(exchangeOfHttp2(stream, headers)));
  server.on('upgrade', onUpgrade);
  server.on('sessionError', () => {});
  server.on('request', (request, response) => {
    if (request.httpVersionMajor >= 2) return;
    // With `allowHTTP1` these two are of node:http, which the types of node:http2 do not say.
    const [plainRequest, plainResponse] = [request, response] as unknown as [IncomingMessage, ServerResponse];
    onExchange(exchangeOfHttp1(plainRequest, plainResponse));
  });
  return server;
}

/** Listens for HTTP/1.1 and HTTP/2 on one port. @throws DavpulseError DAVPULSE_PORT_IN_USE */
export async function listen(parts: ListenerParts): Promise<Listener> {
  const { host, port, tls } = parts;
  const server = tls === undefined ? clearTextServer(parts) : secureServer(parts, tls);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ port, host, backlog: 4096 }, resolve);
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
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      for (const socket of sockets) socket.destroy();
      await closed.promise;
    },
  };
}
