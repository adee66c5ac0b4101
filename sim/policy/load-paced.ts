import { headerParameters, messageHeaders } from './message-headers.ts';
import { definePolicy } from './parameter.ts';
import type { PushPolicy } from './push-policy.ts';

/**
 * A window that grows with the work the server has before it, so that under load more changes share a message and
 * those who are told come back later.
 */
export const loadPaced = definePolicy({
  kind: 'load-paced',
  summary: 'a window that grows with the load of the server',
  parameters: {
    windowMs: {
      meaning: 'time from the first change to the message while the server is idle',
      min: 0,
      max: Infinity,
    },
    perBacklog: {
      meaning: 'the window grows by this many times the wait for the server',
      min: 0,
      max: 1e6,
      default: 10,
    },
    maxDelayMs: { meaning: 'longest time from the first change to the message', min: 0, max: Infinity },
    ...headerParameters,
  },
  ascending: [['windowMs', 'maxDelayMs']],
  create: ({ windowMs, perBacklog, maxDelayMs, ...values }): PushPolicy => ({
    kind: 'load-paced',
    due(moment) {
      if (!Number.isNaN(moment.dueAt)) return moment.dueAt;
      const waitMs = windowMs + perBacklog * (moment.backlogMs ?? 0);
      return moment.firstAt + Math.min(Math.max(windowMs, maxDelayMs), waitMs);
    },
    ...messageHeaders(values),
  }),
});
