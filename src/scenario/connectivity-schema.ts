import { z } from 'zod';
import type { ConnectivitySpec } from '../../sim/index.ts';
import { numberSchema, positive, timeDistribution } from './values.ts';

const hour = numberSchema(0, 24);

/** When devices are reachable: recurring hours, and random spells without a network. */
export const connectivitySchema = z
  .strictObject({
    hours: z
      .strictObject({
        from: hour.describe('hour of the day, such as 9 or 8.5'),
        to: hour,
        days: z
          .array(numberSchema(0))
          .length(7, 'expected 7 weights, from Monday')
          .refine((days) => days.some((day) => day > 0), 'expected at least one day above 0')
          .optional()
          .describe('0 for a day without, from Monday'),
      })
      .refine(({ from, to }) => to > from, 'expected hours that end after they begin')
      .optional(),
    spells: z
      .strictObject({
        perDay: positive.describe('spells without a network a day'),
        length: timeDistribution.describe('how long each is'),
      })
      .optional(),
  })
  .transform(({ hours, spells }): ConnectivitySpec => ({
    ...(hours && { hours: { from: hours.from, to: hours.to, ...(hours.days && { days: hours.days }) } }),
    ...(spells && { spells: { perDay: spells.perDay, lengthMs: spells.length } }),
  }));
