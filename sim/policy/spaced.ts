import { headerParameters, messageHeaders } from './message-headers.ts';
import { definePolicy } from './parameter.ts';
import type { PushPolicy } from './push-policy.ts';

/** At once when the subscription has been left alone for long enough, else when it has: a bucket of one token. */
export const spaced = definePolicy({
  kind: 'spaced',
  summary: 'at once, but never two messages to a subscription within an interval',
  parameters: {
    minGapMs: { meaning: 'least time between two messages to one subscription', min: 0, max: Infinity },
    ...headerParameters,
  },
  create: (values): PushPolicy => ({
    kind: 'spaced',
    due: ({ firstAt, lastSentAt }) => Math.max(firstAt, lastSentAt + values.minGapMs),
    ...messageHeaders(values),
  }),
});
