import { z } from 'zod';
import type { DailyHours, UsageSpec } from '../../sim/index.ts';
import { durationSchema } from './duration.ts';
import { numberSchema, positive, timeDistribution } from './values.ts';

const hour = numberSchema(0, 24);
const hours = {
  from: hour.describe('hour of the day by the clock of the user, such as 22 or 6.5'),
  to: hour,
};

/** Recurring hours, each device's shifted a little. */
export const dailyHours = z
  .strictObject({
    ...hours,
    spread: durationSchema({ max: 12 * 3_600_000 })
      .default(3_600_000)
      .describe('each device has its hours earlier or later by up to half of this'),
  })
  .transform(({ from, to, spread }): DailyHours => ({ from, to, spreadMs: spread }));

/** What people do with their devices. */
export const usageFields = {
  screen: z
    .strictObject({
      perDay: positive.describe('spells with the screen on a day'),
      length: timeDistribution.describe('how long each is'),
      opens: numberSchema(0, 1)
        .optional()
        .describe('share of them in which the user opens the app that syncs; none by default'),
      hours: z.strictObject(hours).optional().describe('when they come; at any time of the day by default'),
    })
    .optional(),
  charging: dailyHours.optional().describe('on a charger'),
  batteryLife: durationSchema({ min: 60_000 })
    .optional()
    .describe('how long a full charge lasts; battery savers go by it'),
  carried: dailyHours.optional().describe('carried about, so that the device never lies still for long'),
};

type Given = z.output<z.ZodObject<typeof usageFields>>;

export const usageOf = ({ screen, charging, carried, batteryLife }: Given): UsageSpec => ({
  ...(screen && {
    screen: {
      perDay: screen.perDay,
      lengthMs: screen.length,
      ...(screen.hours && { hours: screen.hours }),
      ...(screen.opens !== undefined && { opens: screen.opens }),
    },
  }),
  ...(charging && { charging }),
  ...(carried && { carried }),
  ...(batteryLife !== undefined && { batteryLifeMs: batteryLife }),
});
