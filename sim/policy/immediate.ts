import { headerParameters, messageHeaders } from './message-headers.ts';
import { definePolicy } from './parameter.ts';
import type { PushPolicy } from './push-policy.ts';

/** One message for every change, at once. */
export const immediate = definePolicy({
  kind: 'immediate',
  summary: 'one message for every change, at once',
  parameters: headerParameters,
  create: (values): PushPolicy => ({
    kind: 'immediate',
    due: (moment) => moment.now,
    ...messageHeaders(values),
  }),
});
