import { definePolicy } from './parameter.ts';
import { placeAfter } from './place-after.ts';
import { pushAnswer, pushAnswerParameters } from './push-answer.ts';
import type { SyncPolicy } from './sync-policy.ts';

/** Asks when pushed, and every safety interval in case a push was lost. */
export const hybrid = definePolicy({
  kind: 'hybrid',
  summary: 'asks when pushed, and polls seldom in case a push was lost',
  parameters: {
    safetyIntervalMs: { meaning: 'time between two safety polls', min: 1, max: Infinity },
    ...pushAnswerParameters,
  },
  create: ({ safetyIntervalMs, ...values }): SyncPolicy => ({
    kind: 'hybrid',
    remembers: false,
    shortestMs: safetyIntervalMs,
    first: (moment) => moment.now + safetyIntervalMs * moment.random(),
    next: (moment) => placeAfter(moment, safetyIntervalMs),
    ...pushAnswer(values),
  }),
});
