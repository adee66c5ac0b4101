import { headerParameters, messageHeaders } from './message-headers.ts';
import { definePolicy } from './parameter.ts';
import type { PushPolicy } from './push-policy.ts';

/**
 * At once while a subscription has tokens, then one message for each token that comes back. The bucket is kept as
 * the instant at which it will be full again (virtual scheduling, ITU-T I.371 annex A).
 */
export const tokenBucket = definePolicy({
  kind: 'token-bucket',
  summary: 'at once while a subscription has tokens, then one message for each token that comes back',
  parameters: {
    burst: { meaning: 'messages that a full bucket lets through at once', min: 1, max: 1e9, integer: true },
    refillMs: { meaning: 'time in which one token comes back', min: 1, max: Infinity },
    windowMs: {
      meaning: 'time from the first change to the message while there are tokens',
      min: 0,
      max: Infinity,
      default: 0,
    },
    ...headerParameters,
  },
  create: ({ burst, refillMs, windowMs, ...values }): PushPolicy => ({
    kind: 'token-bucket',
    remembers: true,
    due(moment) {
      // One message, and so one token, for each that is opened.
      if (!Number.isNaN(moment.dueAt)) return moment.dueAt;
      const full = moment.memory ?? 0;
      const wanted = moment.firstAt + windowMs;
      const due = Math.max(wanted, full - (burst - 1) * refillMs);
      moment.memory = Math.max(due, full) + refillMs;
      return due;
    },
    ...messageHeaders(values),
  }),
});
