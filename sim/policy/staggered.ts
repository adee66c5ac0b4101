import { headerParameters, messageHeaders } from './message-headers.ts';
import { definePolicy } from './parameter.ts';
import type { PushPolicy } from './push-policy.ts';

/** A window, after which the subscriptions that a change concerns are served one after the other. */
export const staggered = definePolicy({
  kind: 'staggered',
  summary: 'a window, then one subscription after the other instead of all at once',
  parameters: {
    windowMs: { meaning: 'time from the first change to the first message', min: 0, max: Infinity },
    staggerMs: { meaning: 'time between the messages to two subscriptions', min: 0, max: Infinity },
    ...headerParameters,
  },
  create: (values): PushPolicy => ({
    kind: 'staggered',
    due: ({ firstAt, dueAt, rank }) =>
      Number.isNaN(dueAt) ? firstAt + values.windowMs + rank * values.staggerMs : dueAt,
    ...messageHeaders(values),
  }),
});
