import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { DavpulseError } from '../../errors/index.ts';
import { PushResource, type Received } from './push-resource.ts';

export interface ListenAt {
  /** Address to bind. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** How the server reaches this place when that differs from where it listens (a proxy with TLS before it). */
  readonly publicUrl?: string;
}

/** A push service of the suite's own, as seen by application servers: push resources that record. */
export interface RecordingEndpoint {
  readonly origin: string;
  /** A new push resource with an address that cannot be guessed. */
  open(onReceived?: (received: Received) => void): PushResource;
  /** Paths asked for that are no push resource: where a followed redirect would go. */
  readonly strays: readonly string[];
  close(): Promise<void>;
}

const maxBodyBytes = 65_536;

/** @throws DavpulseError DAVPULSE_PORT_IN_USE */
export async function startRecordingEndpoint(at: ListenAt): Promise<RecordingEndpoint> {
  const resources = new Map<string, { resource: PushResource; onReceived: (received: Received) => void }>();
  const strays: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readAll(request);
    const path = new URL(request.url ?? '/', 'http://endpoint').pathname;
    const found = resources.get(path.slice(path.lastIndexOf('/push/')));
    if (found === undefined) {
      strays.push(path);
      response.writeHead(404).end();
      return;
    }
    const received: Received = {
      at: Date.now(),
      method: request.method ?? '',
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body,
    };
    found.onReceived(received);
    const behaviour = found.resource.take(received);
    if (behaviour === 'hang') return;
    if (behaviour === 'reset') request.socket.destroy();
    else response.writeHead(behaviour.status, behaviour.headers ?? {}).end();
  };
  await listening(server, at);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : at.port;
  const host = at.host.includes(':') ? `[${at.host}]` : at.host;
  const base = (at.publicUrl ?? `http://${host}:${port}`).replace(/\/$/, '');
  return {
    origin: new URL(base).origin,
    strays,
    open(onReceived = () => {}) {
      const path = `/push/${randomBytes(20).toString('base64url')}`;
      const resource = new PushResource(base + path);
      resources.set(path, { resource, onReceived });
      return resource;
    },
    async close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      for (const socket of sockets) socket.destroy();
      await closed.promise;
    },
  };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function listening(server: ReturnType<typeof createServer>, { host, port }: ListenAt): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (cause) =>
    reject(
      new DavpulseError('DAVPULSE_PORT_IN_USE', `cannot listen for push messages on ${host}:${port}`, {
        cause,
      }),
    ),
  );
  server.listen(port, host, resolve);
  await promise;
}
