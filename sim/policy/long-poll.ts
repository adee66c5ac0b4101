import { definePolicy } from './parameter.ts';
import type { SyncPolicy } from './sync-policy.ts';

/**
 * Leaves a request with the server, which answers when there is news or when the hold is over, and asks again
 * then (RFC 6202 section 2). The hold has to end before a NAT on the way forgets the connection.
 */
export const longPoll = definePolicy({
  kind: 'long-poll',
  summary: 'leaves a request with the server, which answers when there is news',
  parameters: {
    holdMs: { meaning: 'a request that finds nothing is answered after this', min: 1000, max: Infinity },
    gapMs: { meaning: 'from an answer to the next request', min: 1, max: Infinity, default: 1 },
  },
  create: ({ holdMs, gapMs }): SyncPolicy => ({
    kind: 'long-poll',
    usesPush: false,
    remembers: false,
    holdMs,
    first: (moment) => moment.now + holdMs * moment.random(),
    next: (moment) => moment.now + gapMs,
    onPush: () => Infinity,
  }),
});
