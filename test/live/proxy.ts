import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDavServer } from '../../src/dav/index.ts';

export const users = Array.from({ length: 4 }, (_, index) => ({
  name: `user${index}`,
  password: `password${index}`,
}));

interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The bundled server behind a proxy that keeps each request for as long as `holdMs` says, and refuses some. */
export async function slowServer(
  holdMs: (request: IncomingMessage) => number,
  refuse: (request: IncomingMessage) => Refusal | undefined = () => undefined,
) {
  const server = await startDavServer({ host: '127.0.0.1', port: 0, db: ':memory:', users });
  const upstream = new URL(server.url);
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const hold = holdMs(incoming);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    if (hold > 0) await sleep(hold);
    const refusal = refuse(incoming);
    if (refusal !== undefined) {
      outgoing.writeHead(refusal.status, refusal.headers).end();
      return;
    }
    const passed = forward({
      host: upstream.hostname,
      port: upstream.port,
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
    });
    passed.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    passed.end(Buffer.concat(chunks));
  };
  const proxy = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`,
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      proxy.close();
      await server.close();
    },
  };
}
