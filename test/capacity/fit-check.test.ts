import { expect, it } from 'vitest';
import { fitCheck } from '../../src/capacity/fit-check.ts';

const baseMs = 0.3;
const at = (coldMs: number) => ({ reportMs: baseMs + coldMs, lookMs: baseMs - 0.05 + 0.7 * coldMs });

it('tells what looks cost less in any case from what idle time costs them less', () => {
  const { moreMs, coldShare } = fitCheck([at(0.01), at(0.1), at(0.25)], baseMs);
  expect(moreMs).toBeCloseTo(-0.05, 9);
  expect(coldShare).toBeCloseTo(0.7, 9);
});

it('takes idle time for as dear as to reports where one pace alone was compared', () => {
  expect(fitCheck([at(0.1), at(0.12)], baseMs)).toEqual({ moreMs: expect.closeTo(-0.083, 9), coldShare: 1 });
});

it('hardly goes by fleets that count for little', () => {
  const strange = { ...at(0.2), lookMs: 2, weight: 1e-3 };
  const { moreMs, coldShare } = fitCheck([at(0.01), at(0.1), strange, at(0.25)], baseMs);
  expect(moreMs).toBeCloseTo(-0.05, 3);
  expect(coldShare).toBeCloseTo(0.7, 3);
});
