import { definePolicy } from './parameter.ts';
import type { SyncPolicy } from './sync-policy.ts';
import { wakingDay, wakingDayParameters } from './waking-day.ts';

/** Asks when its user takes the device in hand, and at no other time. */
export const onUse = definePolicy({
  kind: 'on-use',
  summary: 'asks when its user opens the app, at random times of the waking day',
  parameters: {
    usesPerDay: { meaning: 'how often the user opens the app in a day', min: 0.001, max: 10_000 },
    minGapMs: { meaning: 'no second contact within this', min: 0, max: 86_400_000, default: 0 },
    ...wakingDayParameters,
  },
  create: ({ usesPerDay, minGapMs, ...hours }): SyncPolicy => {
    const nextUse = wakingDay(usesPerDay, hours);
    return {
      kind: 'on-use',
      usesPush: false,
      byUser: true,
      remembers: false,
      first: (moment) => nextUse(moment.now, moment),
      // Users come when they come, however long the last contact took.
      next: (moment) => Math.max(moment.now, nextUse(moment.scheduled + minGapMs, moment)),
      onPush: () => Infinity,
    };
  },
});
