import { definePolicy } from './parameter.ts';
import type { SyncPolicy } from './sync-policy.ts';

/**
 * Asks as often as the server announces, such as by REFRESH-INTERVAL (RFC 7986 section 5.7) or a field of its answer,
 * and keeps away for as long as a refusal asked for (Retry-After, RFC 9110 section 10.2.3). Everyone who was refused
 * is told the same, so what a device makes of it is spread at random.
 */
export const serverPaced = definePolicy({
  kind: 'server-paced',
  summary: 'asks as often as the server announces, and stays away when it refuses',
  parameters: {
    intervalMs: {
      meaning: 'time between two contacts while the server announces none',
      min: 1,
      max: Infinity,
    },
    minIntervalMs: {
      meaning: 'asks no oftener, whatever the server announces',
      min: 1,
      max: Infinity,
      default: 1,
    },
    maxIntervalMs: {
      meaning: 'asks no less often, whatever the server announces',
      min: 1,
      max: Infinity,
      default: 604_800_000,
    },
    jitter: { meaning: 'largest shift, as a share of the interval', min: 0, max: 0.5, default: 0.1 },
    retrySpread: {
      meaning: 'a refused device comes back later than asked by a random share of the wait, up to this',
      min: 0,
      max: 10,
      default: 0.5,
    },
  },
  ascending: [['minIntervalMs', 'maxIntervalMs']],
  create: ({ intervalMs, minIntervalMs, maxIntervalMs, jitter, retrySpread }): SyncPolicy => {
    const paced = (paceMs: number) =>
      Number.isNaN(paceMs) ? intervalMs : Math.min(maxIntervalMs, Math.max(minIntervalMs, paceMs));
    return {
      kind: 'server-paced',
      usesPush: false,
      remembers: false,
      shortestMs: Math.min(intervalMs, minIntervalMs, maxIntervalMs),
      first: (moment) => moment.now + paced(moment.paceMs) * moment.random(),
      next(moment) {
        const { now, scheduled, retryAfterMs } = moment;
        const draw = moment.random();
        if (retryAfterMs >= 0) return now + Math.max(1, retryAfterMs) * (1 + retrySpread * draw);
        const interval = paced(moment.paceMs);
        const place = scheduled + interval * (1 + jitter * (2 * draw - 1));
        return place > now ? place : now + interval * draw;
      },
      onPush: () => Infinity,
    };
  },
});
