import { definePolicy } from './parameter.ts';
import { placeAfter } from './place-after.ts';
import type { SyncPolicy } from './sync-policy.ts';

/** Asks when pushed, and every safety interval in case a push was lost. */
export const hybrid = definePolicy({
  kind: 'hybrid',
  summary: 'asks when pushed, and polls seldom in case a push was lost',
  parameters: {
    safetyIntervalMs: { meaning: 'time between two safety polls', min: 1, max: Infinity },
    spreadMs: {
      meaning: 'a push leads to a contact at a random time within this',
      min: 0,
      max: Infinity,
      default: 0,
    },
  },
  create: ({ safetyIntervalMs, spreadMs }): SyncPolicy => ({
    kind: 'hybrid',
    usesPush: true,
    remembers: false,
    first: (moment) => moment.now + safetyIntervalMs * moment.random(),
    next: (moment) => placeAfter(moment, safetyIntervalMs),
    onPush: (moment) => moment.now + (spreadMs === 0 ? 0 : spreadMs * moment.random()),
  }),
});
