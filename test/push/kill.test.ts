import { expect, it } from 'vitest';
import { KillWorld } from './kill-world.ts';

it(
  'loses no change when the server and the push service are killed while changes flow',
  { timeout: 180_000 },
  async () => {
    const world = await KillWorld.start(4);
    try {
      expect(await world.killWhileChanging(2, 30_000)).toMatchObject({ missing: 0, polled: 0, changes: 32 });
    } finally {
      await world.stop();
    }
  },
);
