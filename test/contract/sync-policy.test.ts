import { describe, expect, it } from 'vitest';
import {
  createSyncPolicy,
  syncPolicies,
  uniform,
  type SyncMoment,
  type SyncPolicySpec,
} from '../../sim/index.ts';

/** A number for every parameter: its default, or a middling one within its range. */
const valuesOf = (definition: (typeof syncPolicies)[number]): SyncPolicySpec => {
  const values = Object.entries(definition.parameters).map(([name, parameter]) => [
    name,
    'default' in parameter ? parameter.default : Math.min(parameter.max, Math.max(parameter.min, 600_000)),
  ]);
  // The entries carry exactly the parameters of this kind.
  return { kind: definition.kind, ...Object.fromEntries(values) } as SyncPolicySpec;
};

interface Clock {
  readonly name: string;
  /** How late a contact starts, and how long it takes, ms. */
  readonly lateMs: (contact: number) => number;
  readonly tookMs: (contact: number) => number;
  readonly startMs: number;
}

/** The simulator starts contacts exactly when asked; a wall clock starts late, and its times are no round numbers. */
const clocks: readonly Clock[] = [
  { name: 'simulated', startMs: 0, lateMs: () => 0, tookMs: () => 0 },
  {
    name: 'wall',
    startMs: 1_234_567.891,
    lateMs: (contact) => (contact * 7.3) % 13,
    tookMs: (contact) => 80 + ((contact * 31.7) % 900),
  },
];

const momentAt = (now: number): SyncMoment => {
  let index = 0;
  return {
    now,
    scheduled: now,
    learned: 0,
    retryAfterMs: NaN,
    paceMs: NaN,
    known: false,
    zoneMs: 0,
    memory: 0,
    random: () => uniform(1, 1, index++),
  };
};

describe.each(syncPolicies)('sync policy $kind', (definition) => {
  const policy = createSyncPolicy(valuesOf(definition));

  it.each(clocks)('schedules contacts in order under a $name clock', ({ startMs, lateMs, tookMs }) => {
    const moment = momentAt(startMs);
    let scheduled = policy.first(moment);
    expect(scheduled).toBeGreaterThanOrEqual(startMs);
    for (let contact = 0; contact < 200 && scheduled !== Infinity; contact += 1) {
      moment.scheduled = scheduled;
      moment.now = scheduled + lateMs(contact) + tookMs(contact);
      moment.learned = contact % 3;
      const next = policy.next(moment);
      expect(next).toBeGreaterThan(scheduled);
      scheduled = next;
    }
  });

  it.each(clocks)('answers a push with a contact that is not past under a $name clock', ({ startMs }) => {
    const moment = momentAt(startMs);
    for (let push = 0; push < 50; push += 1) {
      moment.now += 997.3;
      const answer = policy.onPush(moment);
      if (policy.usesPush) expect(answer).toBeGreaterThanOrEqual(moment.now);
      else expect(answer).toBe(Infinity);
    }
  });

  it('depends on nothing but what it is shown', () => {
    const replay = () => {
      const moment = momentAt(5000);
      const other = createSyncPolicy(valuesOf(definition));
      const answers = [other.first(moment)];
      for (let contact = 0; contact < 20; contact += 1) {
        moment.scheduled = answers.at(-1) ?? 0;
        if (moment.scheduled === Infinity) break;
        moment.now = moment.scheduled + 10;
        answers.push(other.next(moment), other.onPush(moment));
        answers.push(other.next(moment));
      }
      return answers;
    };
    expect(replay()).toEqual(replay());
  });

  it('is refused when it is not registered', () => {
    // A kind that no definition has.
    expect(() => createSyncPolicy({ kind: 'telepathy' } as unknown as SyncPolicySpec)).toThrow('telepathy');
  });
});
