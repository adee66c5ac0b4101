import { definePolicy } from './parameter.ts';
import { placeAfter } from './place-after.ts';
import type { SyncMoment, SyncPolicy } from './sync-policy.ts';

/** Asks at the same instants of the clock as every other device: the herd that cron jobs and round hours make. */
export const aligned = definePolicy({
  kind: 'aligned',
  summary: 'asks at round instants of the clock, all devices at once',
  parameters: {
    intervalMs: { meaning: 'time between two scheduled contacts', min: 1, max: Infinity },
    spreadMs: {
      meaning: 'each contact is late by a random time within this',
      min: 0,
      max: Infinity,
      default: 0,
    },
  },
  create: ({ intervalMs, spreadMs }): SyncPolicy => {
    const late = (moment: SyncMoment) => (spreadMs === 0 ? 0 : spreadMs * moment.random());
    return {
      kind: 'aligned',
      usesPush: false,
      remembers: true,
      shortestMs: intervalMs,
      first(moment) {
        moment.memory = Math.ceil(moment.now / intervalMs) * intervalMs;
        return moment.memory + late(moment);
      },
      next(moment) {
        moment.memory = placeAfter({ scheduled: moment.memory, now: moment.now }, intervalMs);
        return moment.memory + late(moment);
      },
      onPush: () => Infinity,
    };
  },
});
