import { expect } from 'vitest';

const tolerance = 0.01;
const nudge = 0.05;

/**
 * Asserts that a measured value is within 1 % of a closed form, and that the same check refuses the form with its
 * constant 5 % off in either direction: a comparison that could not fail would prove nothing.
 */
export function expectAgreement(measured: number, form: number): void {
  const off = (constant: number) => Math.abs(measured / (form * constant) - 1);
  expect(off(1), `measured ${measured}, closed form ${form}`).toBeLessThan(tolerance);
  expect(off(1 + nudge)).toBeGreaterThan(tolerance);
  expect(off(1 - nudge)).toBeGreaterThan(tolerance);
}
