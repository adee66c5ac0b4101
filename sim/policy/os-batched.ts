import { definePolicy } from './parameter.ts';
import type { SyncPolicy } from './sync-policy.ts';

/**
 * A periodic job of the operating system: it runs somewhere in the flex at the end of each period, when the system
 * next runs jobs. As Android's PeriodicWorkRequest: period at least 15 min, flex at least 5 min; maintenance windows
 * of Doze are `windowMs` apart.
 */
export const osBatched = definePolicy({
  kind: 'os-batched',
  summary: 'asks when the operating system runs its batch of jobs',
  parameters: {
    periodMs: { meaning: 'period asked of the operating system', min: 900_000, max: Infinity },
    flexMs: {
      meaning: 'the job may run this long before its period ends',
      min: 300_000,
      max: Infinity,
      default: 300_000,
    },
    windowMs: {
      meaning: 'the system runs jobs at multiples of this only; 0 for any time',
      min: 0,
      max: Infinity,
      default: 0,
    },
  },
  create: ({ periodMs, flexMs, windowMs }): SyncPolicy => {
    const flex = Math.min(flexMs, periodMs);
    const run = (periodStart: number, draw: number) => {
      const wanted = periodStart + periodMs - flex * (1 - draw);
      return windowMs === 0 ? wanted : Math.ceil(wanted / windowMs) * windowMs;
    };
    return {
      kind: 'os-batched',
      usesPush: false,
      remembers: true,
      first(moment) {
        // The place in the period at which the run begins is as random as the start of the app was.
        moment.memory = moment.now - periodMs * moment.random();
        return Math.max(moment.now, run(moment.memory, moment.random()));
      },
      next(moment) {
        do moment.memory += periodMs;
        while (moment.memory + periodMs <= moment.now);
        return Math.max(moment.now, run(moment.memory, moment.random()));
      },
      onPush: () => Infinity,
    };
  },
});
