import { writeSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KillWorld, type Outcome } from './kill-world.ts';

const kills = 50;

const tell = (round: number, { changes, devices, polled, missing }: Outcome): void => {
  writeSync(
    1,
    `${round} kills each: ${changes} changes to ${devices} devices, ${polled} times one needed its safety poll, ${missing} missing\n`,
  );
};

it(`loses no change when each of the two is killed ${kills} times`, { timeout: 600_000 }, async () => {
  const world = await KillWorld.start(10);
  try {
    const outcome = await world.killWhileChanging(kills, 20_000, tell);
    expect(outcome.missing).toBe(0);
  } finally {
    await world.stop();
  }
});
