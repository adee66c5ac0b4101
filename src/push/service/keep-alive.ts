import type { WebSocketServer } from 'ws';

/** Pings every connection; one that did not answer the last ping is dropped. */
export function keepAlive(sockets: WebSocketServer, everyMs: number): NodeJS.Timeout {
  const silent = new WeakSet<object>();
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      if (silent.has(socket)) {
        socket.terminate();
        continue;
      }
      silent.add(socket);
      socket.once('pong', () => silent.delete(socket));
      socket.ping();
    }
  }, everyMs);
  return timer.unref();
}
