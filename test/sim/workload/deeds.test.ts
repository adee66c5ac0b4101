import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOf, deeds, layoutFleet, simulate } from '../../../sim/index.ts';
import { specOf } from '../../live/spec.ts';

const weight = fc.integer({ min: 0, max: 5 });
const mix = fc
  .record({ edit: weight, create: weight, delete: weight, move: weight })
  .filter((weights) => Object.values(weights).some((each) => each > 0));

const specWith = (writes: { edit: number; create: number; delete: number; move: number }, seed: number) => {
  const plain = specOf({ users: 6, members: 3, objects: 4, changesPerSecond: 10, durationMs: 5000, seed });
  return {
    ...plain,
    collectionGroups: plain.collectionGroups.map((group) => ({ ...group, perUser: 2, writes })),
  };
};

describe('what changes do', () => {
  it('removes and edits only what is there, and creates only what never was', () => {
    fc.assert(
      fc.property(mix, fc.nat(1000), (writes, seed) => {
        const spec = specWith(writes, seed);
        const layout = layoutFleet(spec);
        const { count, collection, object, deed, atMs, writer } = changesOf(spec, layout);
        const present = new Map<number, Set<number>>();
        const seen = new Map<number, number>();
        for (let change = 0; change < count; change += 1) {
          const of = collection[change] ?? 0;
          const objects = present.get(of) ?? new Set([0, 1, 2, 3]);
          present.set(of, objects);
          const each = object[change] ?? -1;
          if (deed[change] === deeds.create) {
            expect(each).toBe(seen.get(of) ?? 4);
            seen.set(of, each + 1);
            objects.add(each);
          } else {
            expect(objects.has(each)).toBe(true);
          }
          if (deed[change] === deeds.remove) objects.delete(each);
          expect(atMs[change]).toBeGreaterThanOrEqual(atMs[change - 1] ?? 0);
          // Both halves of a move are of one device.
          if (deed[change] === deeds.remove && writes.delete === 0) {
            expect([atMs[change - 1], writer[change - 1]]).toEqual([atMs[change], writer[change]]);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('reaches every device in the simulator, and is the same twice', () => {
    const spec = specWith({ edit: 1, create: 1, delete: 1, move: 1 }, 3);
    const record = simulate(spec);
    expect(record.ledger.lost).toBe(0);
    expect(record.requests.delete).toBeGreaterThan(0);
    expect(simulate(spec)).toEqual(record);
  });
});
