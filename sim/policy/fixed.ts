import { definePolicy } from './parameter.ts';
import { placeAfter } from './place-after.ts';
import type { SyncPolicy } from './sync-policy.ts';

/** Asks every interval, from a random phase, without drift. */
export const fixed = definePolicy({
  kind: 'fixed',
  summary: 'asks every interval, from a random phase',
  parameters: {
    intervalMs: { meaning: 'time between two scheduled contacts', min: 1, max: Infinity },
  },
  create: ({ intervalMs }): SyncPolicy => ({
    kind: 'fixed',
    usesPush: false,
    remembers: false,
    periodMs: intervalMs,
    shortestMs: intervalMs,
    alone: true,
    first: (moment) => moment.now + intervalMs * moment.random(),
    next: (moment) => placeAfter(moment, intervalMs),
    onPush: () => Infinity,
  }),
});
