import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { runPushServiceConformance } from '../../src/conformance/index.ts';
import { startPushService } from '../../src/push/index.ts';

const seen = async (url: string) => {
  const { checks } = await runPushServiceConformance({ url, waitMs: 5000 });
  return checks.filter(({ verdict }) => verdict !== 'pass').map(({ id, verdict }) => `${verdict} ${id}`);
};

it('finds nothing wrong with the bundled push service, over HTTP and over its WebSocket', async () => {
  const service = await startPushService({ host: '127.0.0.1', port: 0 });
  try {
    expect(await seen(`${service.url}/subscribe`)).toEqual([]);
    expect(await seen(service.wsUrl)).toEqual(['skip service.topic-replaces', 'skip service.removed']);
  } finally {
    await service.close();
  }
});

it('asks for the resource that takes subscriptions when the URL is that of the service only', async () => {
  const service = await startPushService({ host: '127.0.0.1', port: 0 });
  try {
    await expect(seen(service.url)).rejects.toThrow(`${service.url}/subscribe`);
  } finally {
    await service.close();
  }
});

it('sees a push service that accepts everything and delivers nothing', async () => {
  const server = createServer((request, response) => {
    request.resume();
    const link = '</push/abcdefgh>; rel="urn:ietf:params:push"';
    request.on('end', () => response.writeHead(201, { location: '/x', link, ttl: '9999' }).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const { checks } = await runPushServiceConformance({
      url: `http://127.0.0.1:${port}/subscribe`,
      waitMs: 100,
    });
    const kept = checks.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
    expect(kept).toEqual([
      'service.subscribe',
      'service.accept',
      'service.ttl-zero',
      'service.size',
      'service.vapid-right',
    ]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
