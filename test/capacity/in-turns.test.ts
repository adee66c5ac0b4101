import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inDrawnOrder, inTurns } from '../../src/capacity/in-turns.ts';

const count = fc.integer({ min: 0, max: 40 });
const numbers = (many: number): number[] => Array.from({ length: many }, (_, index) => index + 1);
const negative = (many: number): number[] => numbers(many).map((number) => -number);

describe('two kinds of work in one row', () => {
  it('keep their order, and at each place are as far on as each other', () => {
    fc.assert(
      fc.property(count, count, (some, others) => {
        const row = inTurns(numbers(some), negative(others));
        expect(row.filter((number) => number > 0)).toEqual(numbers(some));
        expect(row.filter((number) => number < 0)).toEqual(negative(others));
        for (const end of row.keys()) {
          const done = row.slice(0, end);
          const share = done.filter((number) => number > 0).length / some;
          const otherShare = done.filter((number) => number < 0).length / others;
          if (some > 0 && others > 0) {
            expect(Math.abs(share - otherShare)).toBeLessThanOrEqual(1 / Math.min(some, others) + 1e-9);
          }
        }
      }),
    );
  });

  it('has in each round an order of its own, the same whenever it is asked for', () => {
    const items = numbers(30);
    const orders = numbers(4).map((round) => inDrawnOrder(items, round));
    expect(orders).toEqual(numbers(4).map((round) => inDrawnOrder(items, round)));
    expect(new Set(orders.map((order) => order.join(' '))).size).toBe(4);
    for (const order of orders) expect(order.toSorted((one, other) => one - other)).toEqual(items);
  });
});
