import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { WritesUnderWay } from '../../sim/model/writes-under-way.ts';

const step = fc.record({
  change: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 2 ** 31 - 1 })),
  does: fc.constantFrom('set', 'set', 'delete'),
});

describe('writes under way', () => {
  test.prop([fc.array(step, { maxLength: 600 })])(
    'agree with a map through all sets and deletes',
    (steps) => {
      const writes = new WritesUnderWay<number>();
      const map = new Map<number, number>();
      for (const [index, { change, does }] of steps.entries()) {
        if (does === 'set') {
          writes.set(change, index);
          map.set(change, index);
        } else {
          writes.delete(change);
          map.delete(change);
        }
        expect(writes.get(change)).toBe(map.get(change));
      }
      for (const { change } of steps) expect(writes.get(change)).toBe(map.get(change));
    },
  );
});
