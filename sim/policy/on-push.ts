import { definePolicy } from './parameter.ts';
import { pushAnswer, pushAnswerParameters } from './push-answer.ts';
import type { SyncPolicy } from './sync-policy.ts';

/** Asks only when pushed; what a lost push carried is lost until the next one. */
export const onPush = definePolicy({
  kind: 'on-push',
  summary: 'asks only when pushed, without a safety poll',
  parameters: pushAnswerParameters,
  create: (values): SyncPolicy => ({
    kind: 'on-push',
    remembers: false,
    first: () => Infinity,
    next: () => Infinity,
    ...pushAnswer(values),
  }),
});
