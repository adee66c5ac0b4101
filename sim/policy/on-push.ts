import { definePolicy } from './parameter.ts';
import type { SyncPolicy } from './sync-policy.ts';

/** Asks only when pushed; what a lost push carried is lost until the next one. */
export const onPush = definePolicy({
  kind: 'on-push',
  summary: 'asks only when pushed, without a safety poll',
  parameters: {
    spreadMs: {
      meaning: 'a push leads to a contact at a random time within this',
      min: 0,
      max: Infinity,
      default: 0,
    },
  },
  create: ({ spreadMs }): SyncPolicy => ({
    kind: 'on-push',
    usesPush: true,
    remembers: false,
    first: () => Infinity,
    next: () => Infinity,
    onPush: (moment) => moment.now + (spreadMs === 0 ? 0 : spreadMs * moment.random()),
  }),
});
