import { describe, expect, it } from 'vitest';
import { createFaults } from '../../src/push/service/faults.ts';

describe('a throttled subscription', () => {
  const rules = [{ fault: 'throttle', burst: 1, refillMs: 60_000, over: 'delay' }] as const;
  const offered = (topics: readonly (string | undefined)[]) => {
    const faults = createFaults({ seed: 1, rules });
    return topics.map((topic, index) => {
      const elapsedMs = 1000 * index;
      const { delayMs } = faults.fateOf({ pushToken: 'a', subscription: 1, index, topic, elapsedMs });
      return elapsedMs + delayMs;
    });
  };

  it('gives the newest message of a topic the turn of the one that waits', () => {
    expect(offered(['t', 't', 't', 't'])).toEqual([0, 60_000, 60_000, 60_000]);
  });

  it('gives each topic, and each message without one, a turn of its own', () => {
    expect(offered(['t', 't', 'u', 't'])).toEqual([0, 60_000, 120_000, 60_000]);
    expect(offered([undefined, undefined, undefined])).toEqual([0, 60_000, 120_000]);
  });
});
