import { writeSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KillWorld } from './kill-world.ts';

const kills = 50;

it(`loses no change when each of the two is killed ${kills} times`, { timeout: 600_000 }, async () => {
  const world = await KillWorld.start(10);
  try {
    const outcome = await world.killWhileChanging(kills, 20_000);
    writeSync(
      1,
      `${kills} kills each: ${outcome.changes} changes to ${outcome.devices} devices, ${outcome.polled} times one needed its safety poll, ${outcome.missing} missing\n`,
    );
    expect(outcome.missing).toBe(0);
  } finally {
    await world.stop();
  }
});
