import { definePolicy } from './parameter.ts';
import type { SyncPolicy } from './sync-policy.ts';

/** Asks every interval, each time shifted at random around its place in a schedule that does not drift. */
export const jittered = definePolicy({
  kind: 'jittered',
  summary: 'asks every interval, shifted at random by up to a share of it',
  parameters: {
    intervalMs: { meaning: 'mean time between two scheduled contacts', min: 1, max: Infinity },
    jitter: { meaning: 'largest shift, as a share of the interval', min: 0, max: 0.5, default: 0.1 },
  },
  create: ({ intervalMs, jitter }): SyncPolicy => {
    const shifted = (place: number, draw: number) => place + intervalMs * jitter * (2 * draw - 1);
    return {
      kind: 'jittered',
      usesPush: false,
      remembers: true,
      shortestMs: intervalMs,
      alone: true,
      first(moment) {
        moment.memory = moment.now + intervalMs * moment.random();
        return Math.max(moment.now, shifted(moment.memory, moment.random()));
      },
      next(moment) {
        moment.memory += intervalMs;
        return shifted(moment.memory, moment.random());
      },
      onPush: () => Infinity,
    };
  },
});
