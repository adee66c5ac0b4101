import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { ProductSum } from '../../../sim/index.ts';

const factor = fc.integer({ min: 0, max: 2 ** 38 });
const pairs = fc.array(fc.tuple(factor, factor), { maxLength: 5000, size: 'max' });

describe('a sum of products', () => {
  test.prop([pairs], { numRuns: 50 })('is exact, whatever the order', (drawn) => {
    const sumOf = (list: readonly (readonly [number, number])[]): number => {
      const sum = new ProductSum();
      for (const [one, other] of list) sum.add(one, other);
      return sum.total;
    };
    const exact = drawn.reduce((sum, [one, other]) => sum + BigInt(one) * BigInt(other), 0n);
    expect(sumOf(drawn)).toBe(sumOf(drawn.toReversed()));
    expect(Math.abs(sumOf(drawn) / Number(exact) - 1) < 1e-15 || exact === 0n).toBe(true);
  });
});
