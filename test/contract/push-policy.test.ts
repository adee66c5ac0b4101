import { describe, expect, it } from 'vitest';
import {
  createPushPolicy,
  importances,
  pushPolicies,
  type PushMoment,
  type PushPolicySpec,
} from '../../sim/index.ts';

const valuesOf = (definition: (typeof pushPolicies)[number]): PushPolicySpec => {
  const values = Object.entries(definition.parameters).map(([name, parameter]) => [
    name,
    'default' in parameter ? parameter.default : Math.min(parameter.max, Math.max(parameter.min, 3000)),
  ]);
  // The entries carry exactly the parameters of this kind.
  return { kind: definition.kind, ...Object.fromEntries(values) } as PushPolicySpec;
};

/** Gaps between changes in ms: a simulated clock has round times, a wall clock has not, and starts far from zero. */
const clocks = [
  { name: 'simulated', startMs: 0, gaps: [0, 1000, 500, 60_000, 10, 10, 10] },
  { name: 'wall', startMs: 1.79e12 + 0.123, gaps: [0.001, 812.34, 3000.0001, 7.7, 86_400_000.5] },
];

describe.each(pushPolicies)('push policy $kind', (definition) => {
  const policy = createPushPolicy(valuesOf(definition));

  it.each(clocks)('sends no message before its changes under a $name clock', ({ startMs, gaps }) => {
    const moment: PushMoment = {
      now: startMs,
      importance: 'normal',
      firstAt: startMs,
      dueAt: NaN,
      lastSentAt: -Infinity,
      rank: 0,
    };
    for (let change = 0; change < 200; change += 1) {
      moment.now += gaps[change % gaps.length] ?? 0;
      if (moment.dueAt <= moment.now) {
        moment.lastSentAt = moment.dueAt;
        moment.dueAt = NaN;
      }
      if (Number.isNaN(moment.dueAt)) moment.firstAt = moment.now;
      moment.importance = importances[change % importances.length] ?? 'low';
      moment.rank = change % 5;
      const due = policy.due(moment);
      expect(due).not.toBeNaN();
      expect(due).toBeGreaterThanOrEqual(moment.firstAt);
      moment.dueAt = due === Infinity ? NaN : due;
    }
  });

  it.each(importances)('gives a message of %s importance headers within RFC 8030', (importance) => {
    const { ttlSeconds, urgency } = policy.message(importance);
    expect(Number.isInteger(ttlSeconds) && ttlSeconds >= 0).toBe(true);
    expect(['very-low', 'low', 'normal', 'high']).toContain(urgency);
  });
});
