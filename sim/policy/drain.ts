import { headerParameters, messageHeaders } from './message-headers.ts';
import { definePolicy } from './parameter.ts';
import type { PushPolicy } from './push-policy.ts';

/** A job that wakes every interval and sends whatever is waiting, as a database-backed outbox does. */
export const drain = definePolicy({
  kind: 'drain',
  summary: 'a periodic job sends whatever is waiting',
  parameters: {
    intervalMs: { meaning: 'time between two rounds of the job', min: 1, max: Infinity },
    ...headerParameters,
  },
  create: (values): PushPolicy => ({
    kind: 'drain',
    due: ({ firstAt }) => Math.ceil(firstAt / values.intervalMs) * values.intervalMs,
    ...messageHeaders(values),
  }),
});
