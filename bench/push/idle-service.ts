import { startPushService } from '../../src/push/index.ts';

/** A push service that tells its memory when asked, for `idle.ts`. */
const service = await startPushService({ host: '127.0.0.1', port: 0 });
process.send?.({ wsUrl: service.wsUrl });
process.on('message', () => {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ rss, heapUsed, external, connected: service.totals().connected });
});
