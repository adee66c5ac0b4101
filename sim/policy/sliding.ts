import { headerParameters, messageHeaders } from './message-headers.ts';
import { definePolicy } from './parameter.ts';
import type { PushPolicy } from './push-policy.ts';

/** Waits for quiet: every change moves the message back, up to a limit that the first change sets. */
export const sliding = definePolicy({
  kind: 'sliding',
  summary: 'sends once changes have paused, or when the oldest has waited long enough',
  parameters: {
    quietMs: { meaning: 'time without a change after which the message leaves', min: 0, max: Infinity },
    maxDelayMs: { meaning: 'longest time from the first change to the message', min: 0, max: Infinity },
    ...headerParameters,
  },
  ascending: [['quietMs', 'maxDelayMs']],
  create: (values): PushPolicy => ({
    kind: 'sliding',
    due: (moment) => Math.min(moment.now + values.quietMs, moment.firstAt + values.maxDelayMs),
    ...messageHeaders(values),
  }),
});
