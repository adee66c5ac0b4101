import { expect, it } from 'vitest';
import { weightOf } from '../../src/capacity/weight-of.ts';

it('trusts a fleet that kept its server busy, and one that it hardly worked for as far as what else comes with a visit is small', () => {
  expect(weightOf([{ busyMs: 4000 }, { busyMs: 3800 }])).toBeCloseTo(1, 2);
  expect(weightOf([{ busyMs: 200 }, { busyMs: 400 }])).toBeCloseTo(Math.SQRT1_2, 9);
  expect(weightOf([{ busyMs: 30 }])).toBeCloseTo(0.1, 2);
});
