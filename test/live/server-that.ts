import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

/** A server on loopback that answers so; it ends when disposed. */
export async function serverThat(answers: RequestListener): Promise<{ url: string } & Disposable> {
  const server = createServer(answers);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
