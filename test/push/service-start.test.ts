import { expect, it } from 'vitest';
import { startPushService } from '../../src/push/index.ts';

it('says plainly that a port is taken', async () => {
  const first = await startPushService({ host: '127.0.0.1', port: 0 });
  try {
    await expect(startPushService({ host: '127.0.0.1', port: first.port })).rejects.toMatchObject({
      code: 'DAVPULSE_PORT_IN_USE',
      message: expect.stringContaining(`127.0.0.1:${first.port}`),
    });
  } finally {
    await first.close();
  }
});
