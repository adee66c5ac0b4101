import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';

/**
 * A push service that takes everything and keeps nothing, so that only senders are measured:
 * `sink.ts CERT KEY`. `/hang/…` is never answered, `/fail/…` gets 500. Tells its processor time when asked.
 */
const [, , certFile = '', keyFile = ''] = process.argv;
const server = createServer(
  { cert: readFileSync(certFile), key: readFileSync(keyFile) },
  (request, response) => {
    request.resume();
    request.on('end', () => {
      const { url = '' } = request;
      if (url.startsWith('/hang/')) return;
      response.writeHead(url.startsWith('/fail/') ? 500 : 201, { Location: '/message/1', TTL: '60' }).end();
    });
  },
);
server.on('secureConnection', (socket: Socket) => socket.setNoDelay(true));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
});
process.on('message', () => process.send?.(process.cpuUsage()));
