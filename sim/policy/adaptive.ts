import { definePolicy } from './parameter.ts';
import type { SyncPolicy } from './sync-policy.ts';

/** Asks more seldom while nothing changes and more often when something does, within bounds. */
export const adaptive = definePolicy({
  kind: 'adaptive',
  summary: 'asks more seldom while it finds nothing, and sooner after it found something',
  parameters: {
    minIntervalMs: { meaning: 'shortest time between two contacts', min: 1, max: Infinity },
    maxIntervalMs: { meaning: 'longest time between two contacts', min: 1, max: Infinity },
    backOff: {
      meaning: 'the interval grows by this factor after an empty contact',
      min: 1,
      max: 100,
      default: 2,
    },
    tighten: { meaning: 'the interval shrinks by this factor after news', min: 1, max: 100, default: 4 },
  },
  ascending: [['minIntervalMs', 'maxIntervalMs']],
  create: ({ minIntervalMs, maxIntervalMs, backOff, tighten }): SyncPolicy => {
    const within = (intervalMs: number) => Math.min(maxIntervalMs, Math.max(minIntervalMs, intervalMs));
    return {
      kind: 'adaptive',
      usesPush: false,
      remembers: true,
      shortestMs: Math.min(minIntervalMs, maxIntervalMs),
      alone: true,
      first(moment) {
        moment.memory = within(minIntervalMs);
        return moment.now + minIntervalMs * moment.random();
      },
      next(moment) {
        moment.memory = within(moment.learned === 0 ? moment.memory * backOff : moment.memory / tighten);
        return moment.now + moment.memory;
      },
      onPush: () => Infinity,
    };
  },
});
