import { z } from 'zod';
import type { Distribution } from '../../sim/index.ts';
import { durationSchema } from './duration.ts';

/** A number within bounds, with the bounds in the message. */
export function numberSchema(min: number, max = Infinity) {
  const expected =
    max === Infinity ? `expected a number of at least ${min}` : `expected a number from ${min} to ${max}`;
  return z.number({ error: expected }).min(min, expected).max(max, expected);
}

/** A number above zero. */
export const positive = z
  .number({ error: 'expected a number above 0' })
  .positive('expected a number above 0');

/** A whole number within bounds. */
export function integerSchema(min: number, max = Number.MAX_SAFE_INTEGER) {
  const expected =
    max === Number.MAX_SAFE_INTEGER
      ? `expected a whole number of at least ${min}`
      : `expected a whole number from ${min} to ${max}`;
  return z.int({ error: expected }).min(min, expected).max(max, expected);
}

/** A random quantity: a plain value is a constant, anything else names its distribution. */
function distributionSchema(value: z.ZodType<number>) {
  return z
    .union(
      [
        value,
        z.strictObject({ kind: z.literal('constant'), value }),
        z
          .strictObject({ kind: z.literal('uniform'), min: value, max: value })
          .refine(({ min, max }) => min <= max, { error: 'expected a max of at least min', path: ['max'] }),
        z.strictObject({ kind: z.literal('exponential'), mean: value }),
        z
          .strictObject({ kind: z.literal('lognormal'), median: value, p95: value })
          .refine(({ median, p95 }) => median <= p95, {
            error: 'expected a p95 of at least the median',
            path: ['p95'],
          }),
      ],
      {
        error:
          'expected a value or a distribution: { kind: constant | uniform | exponential | lognormal, … }',
      },
    )
    .transform((given): Distribution =>
      typeof given === 'number' ? { kind: 'constant', value: given } : given,
    );
}

/** A random time, in ms once parsed. */
export const timeDistribution = distributionSchema(durationSchema());

const largest = (given: Distribution): number => {
  switch (given.kind) {
    case 'constant':
      return given.value;
    case 'uniform':
      return given.max;
    case 'exponential':
      return given.mean;
    default:
      return given.median;
  }
};

/** The time from one thing to the next of an endless row; without any the row would never get anywhere. */
export const gapDistribution = timeDistribution.refine(
  (given) => largest(given) > 0,
  'expected times above 0, so that time passes',
);

/** A random size or count. */
export const sizeDistribution = distributionSchema(numberSchema(0));
