import { definePolicy } from './parameter.ts';
import { placeAfter } from './place-after.ts';
import { pushAnswer, pushAnswerParameters } from './push-answer.ts';
import type { SyncPolicy } from './sync-policy.ts';

/** Asks when pushed; polls seldom while pushes come, and as often as without push when none has come for long. */
export const hybridFallback = definePolicy({
  kind: 'hybrid-fallback',
  summary: 'asks when pushed, polls seldom, and oftener once push has been silent for long',
  parameters: {
    safetyIntervalMs: { meaning: 'time between two polls while pushes come', min: 1, max: Infinity },
    fallbackIntervalMs: { meaning: 'time between two polls once push is silent', min: 1, max: Infinity },
    silentAfterMs: { meaning: 'push counts as silent when none came for this long', min: 1, max: Infinity },
    ...pushAnswerParameters,
  },
  ascending: [['fallbackIntervalMs', 'safetyIntervalMs']],
  create: ({ safetyIntervalMs, fallbackIntervalMs, silentAfterMs, ...values }): SyncPolicy => {
    const answer = pushAnswer(values);
    return {
      ...answer,
      kind: 'hybrid-fallback',
      remembers: true,
      shortestMs: Math.min(safetyIntervalMs, fallbackIntervalMs),
      first(moment) {
        moment.memory = moment.now;
        return moment.now + fallbackIntervalMs * moment.random();
      },
      next: (moment) =>
        placeAfter(
          moment,
          moment.now - moment.memory > silentAfterMs ? fallbackIntervalMs : safetyIntervalMs,
        ),
      onPush(moment) {
        moment.memory = moment.now;
        return answer.onPush(moment);
      },
    };
  },
});
