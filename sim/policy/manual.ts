import { definePolicy } from './parameter.ts';
import type { SyncPolicy } from './sync-policy.ts';
import { wakingDay, wakingDayParameters } from './waking-day.ts';

/** Asks when told to: the setting "manual" of many clients, whose users pull to refresh now and then, or never. */
export const manual = definePolicy({
  kind: 'manual',
  summary: 'asks only when its user says so',
  parameters: {
    refreshesPerDay: {
      meaning: 'how often the user asks for a refresh in a day; 0 for never',
      min: 0,
      max: 10_000,
      default: 0,
    },
    ...wakingDayParameters,
  },
  create: ({ refreshesPerDay, ...hours }): SyncPolicy => {
    const nextRefresh = wakingDay(refreshesPerDay, hours);
    return {
      kind: 'manual',
      usesPush: false,
      byUser: true,
      remembers: false,
      first: (moment) => (refreshesPerDay === 0 ? Infinity : nextRefresh(moment.now, moment)),
      next: (moment) =>
        refreshesPerDay === 0 ? Infinity : Math.max(moment.now, nextRefresh(moment.scheduled, moment)),
      onPush: () => Infinity,
    };
  },
});
