import { z } from 'zod';
import type { ConnectivitySpec } from '../../sim/index.ts';
import { durationSchema } from './duration.ts';
import { dailyHours } from './usage-schema.ts';
import { numberSchema, positive, timeDistribution } from './values.ts';

const hour = numberSchema(0, 24);

/** When devices are reachable: recurring hours, airplane mode, and random spells without a network. */
export const connectivitySchema = z
  .strictObject({
    hours: z
      .strictObject({
        from: hour.describe('hour of the day by the clock of the user, such as 9 or 8.5'),
        to: hour,
        days: z
          .array(numberSchema(0))
          .length(7, 'expected 7 weights, from Monday')
          .refine((days) => days.some((day) => day > 0), 'expected at least one day above 0')
          .optional()
          .describe('0 for a day without, from Monday'),
        spread: durationSchema({ max: 12 * 3_600_000 })
          .optional()
          .describe('each device has its hours earlier or later by up to half of this'),
      })
      .refine(({ from, to }) => to > from, 'expected hours that end after they begin')
      .optional(),
    airplane: z
      .strictObject({
        hours: dailyHours,
        share: numberSchema(0, 1).describe('share of the devices whose users do so'),
      })
      .optional()
      .describe('airplane mode in recurring hours, such as at night'),
    spells: z
      .strictObject({
        perDay: positive.describe('spells without a network a day'),
        length: timeDistribution.describe('how long each is'),
      })
      .optional(),
  })
  .transform(({ hours, airplane, spells }): ConnectivitySpec => ({
    ...(hours && {
      hours: {
        from: hours.from,
        to: hours.to,
        ...(hours.days && { days: hours.days }),
        ...(hours.spread !== undefined && { spreadMs: hours.spread }),
      },
    }),
    ...(airplane && { airplane: { ...airplane.hours, share: airplane.share } }),
    ...(spells && { spells: { perDay: spells.perDay, lengthMs: spells.length } }),
  }));
