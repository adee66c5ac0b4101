import { expect, it } from 'vitest';
import { inDrawnOrder } from '../../src/capacity/drawn-order.ts';

const numbers = (many: number): number[] => Array.from({ length: many }, (_, index) => index + 1);

it('is another one in each round, the same whenever it is asked for', () => {
  const items = numbers(30);
  const orders = numbers(4).map((round) => inDrawnOrder(items, round));
  expect(orders).toEqual(numbers(4).map((round) => inDrawnOrder(items, round)));
  expect(new Set(orders.map((order) => order.join(' '))).size).toBe(4);
  for (const order of orders) expect(order.toSorted((one, other) => one - other)).toEqual(items);
});
