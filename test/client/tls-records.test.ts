import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { inRecords, type ByteCount } from '../../src/client/index.ts';
import { SocketBytes } from '../../src/client/socket-bytes.ts';
import { selfSigned } from '../../src/dav/http/certificate.ts';
import { startPushService } from '../../src/push/index.ts';
import { loadStudy } from '../../src/scenario/index.ts';

/** What a ping of the bundled push service and its pong move on the socket. */
async function pingBytes(tls: boolean): Promise<ByteCount> {
  await using stack = new AsyncDisposableStack();
  const certificate = await selfSigned('127.0.0.1');
  const service = await startPushService({
    host: '127.0.0.1',
    port: 0,
    pingMs: 200,
    ...(tls && { tls: certificate }),
  });
  stack.defer(() => service.close());
  const raw = connectTcp({ host: '127.0.0.1', port: service.port, noDelay: true });
  const socket = new WebSocket(service.wsUrl, {
    createConnection: () => (tls ? connectTls({ socket: raw, rejectUnauthorized: false }) : raw),
    perMessageDeflate: false,
  });
  stack.defer(() => socket.terminate());
  await once(socket, 'open');
  const bytes = new SocketBytes(raw);
  await once(socket, 'ping');
  bytes.take();
  // From one ping to the next there is a pong as well.
  await once(socket, 'ping');
  return bytes.take();
}

describe('what TLS adds to a message of a push connection', () => {
  it('is what it adds to one of the bundled push service', async () => {
    const clear = await pingBytes(false);
    expect(clear).toEqual({ up: 6, down: 2 });
    expect(inRecords(clear, { tls: true })).toEqual(await pingBytes(true));
    expect(inRecords(clear, { tls: false })).toEqual(clear);
  });

  it.each(['1.1', '2'] as const)('is in the wire costs that ship for HTTP/%s', (http) => {
    const wireOf = (tls: boolean) =>
      loadStudy('scenarios/black-hole.yaml', {
        set: [
          [['transport', 'tls'], tls],
          [['transport', 'http'], tls ? http : '1.1'],
        ],
      }).runs[0]?.spec.wire;
    const [clear, secured] = [wireOf(false), wireOf(true)];
    for (const part of ['pushToDevice', 'pushToService', 'keepAlive'] as const) {
      expect(secured?.[part]).toEqual(clear && inRecords(clear[part], { tls: true }));
    }
  });
});
