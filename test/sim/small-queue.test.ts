import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { EventQueue } from '../../sim/index.ts';
import { SmallQueue } from '../../sim/model/small-queue.ts';

const events = fc.array(
  fc.record({
    wait: fc.constantFrom(0, 1, 7, 1e6, 4e9),
    entity: fc.integer({ min: 0, max: 3 }),
    code: fc.integer({ min: 0, max: 5 }),
    takes: fc.integer({ min: 0, max: 3 }),
  }),
  { maxLength: 120 },
);

describe('the queue of a small part of the fleet', () => {
  test.prop([events])('has the order of the queue of the whole', (drawn) => {
    const small = new SmallQueue();
    const whole = new EventQueue(4);
    const take = (queue: SmallQueue | EventQueue) =>
      queue.next() ? [queue.tick, queue.entity, queue.code] : undefined;
    for (const { wait, entity, code, takes } of drawn) {
      const tick = small.tick + wait;
      for (const queue of [small, whole]) queue.push(tick, entity, code);
      expect(small.headTick).toBeLessThanOrEqual(tick);
      for (let taken = 0; taken < takes; taken += 1) expect(take(small)).toEqual(take(whole));
    }
    for (let left = drawn.length; left >= 0; left -= 1) expect(take(small)).toEqual(take(whole));
    expect(small.headTick).toBe(Infinity);
  });
});
