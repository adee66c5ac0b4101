import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createECDH, randomBytes } from 'node:crypto';

/** One request to a push resource, as a push service sees it. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly at: number;
}

/** A push service that does what the test says: `answer` gets each request and its place among those of its path. */
export async function fakeEndpoints(
  answer: (response: ServerResponse, received: Received, count: number) => void,
) {
  const received: Received[] = [];
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const count = counts.get(path) ?? 0;
      counts.set(path, count + 1);
      const one = { path, headers: request.headers, body: Buffer.concat(chunks), at: performance.now() };
      received.push(one);
      answer(response, one, count);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    received,
    of: (path: string) => received.filter((one) => one.path === path),
    /** A subscription whose push resource is here. */
    subscription(path: string) {
      const keys = createECDH('prime256v1');
      return {
        endpoint: `http://127.0.0.1:${port}${path}`,
        p256dh: keys.generateKeys('base64url'),
        auth: randomBytes(16).toString('base64url'),
        channel: path,
        keys,
      };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const created = (response: ServerResponse): void => void response.writeHead(201).end();
