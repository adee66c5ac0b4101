import { fork } from 'node:child_process';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';

export interface IdleRow {
  readonly connections: number;
  /** Resident memory and heap of the push service's process, per connection. */
  readonly rssBytes: number;
  readonly heapBytes: number;
}

const memory = z.object({ rss: z.number(), heapUsed: z.number(), connected: z.number() });
const atOnce = 200;

async function connect(wsUrl: string): Promise<WebSocket> {
  const socket = new WebSocket(wsUrl, { perMessageDeflate: false });
  await once(socket, 'open');
  socket.send(JSON.stringify({ messageType: 'hello', use_webpush: true }));
  await once(socket, 'message');
  return socket;
}

/** Idle user agents held by the push service, in a process of its own. */
export async function idle(connections: number): Promise<IdleRow> {
  const script = new URL('./idle-service.ts', import.meta.url).pathname;
  const child = fork(script, { execArgv: ['--expose-gc'] });
  const [hello]: unknown[] = await once(child, 'message');
  const { wsUrl } = z.object({ wsUrl: z.string() }).parse(hello);
  const ask = async () => {
    child.send('memory');
    const [answer]: unknown[] = await once(child, 'message');
    return memory.parse(answer);
  };
  // The first connections load code; they are not what one more costs.
  const sockets = await Promise.all(Array.from({ length: atOnce }, () => connect(wsUrl)));
  const before = await ask();
  while (sockets.length < connections + atOnce) {
    sockets.push(...(await Promise.all(Array.from({ length: atOnce }, () => connect(wsUrl)))));
  }
  const after = await ask();
  for (const socket of sockets) socket.terminate();
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
  const added = after.connected - before.connected;
  return {
    connections: added,
    rssBytes: (after.rss - before.rss) / added,
    heapBytes: (after.heapUsed - before.heapUsed) / added,
  };
}
