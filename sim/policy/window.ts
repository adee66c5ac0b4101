import { headerParameters, messageHeaders } from './message-headers.ts';
import { definePolicy } from './parameter.ts';
import type { PushPolicy } from './push-policy.ts';

/** The first change opens a window that later ones do not extend; one message leaves when it closes. */
export const window = definePolicy({
  kind: 'window',
  summary: 'merges the changes of a window that the first of them opens',
  parameters: {
    windowMs: { meaning: 'time from the first change to the message', min: 0, max: Infinity },
    ...headerParameters,
  },
  create: (values): PushPolicy => ({
    kind: 'window',
    due: (moment) => moment.firstAt + values.windowMs,
    ...messageHeaders(values),
  }),
});
