import { describe, expect, it } from 'vitest';
import { createSyncPolicy, uniform, type SyncMoment, type SyncPolicySpec } from '../../../sim/index.ts';

const momentAt = (now: number, changes: Partial<SyncMoment> = {}): SyncMoment => {
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
    ...changes,
  };
};

const minute = 60_000;
const hour = 60 * minute;

describe('server-paced', () => {
  const spec: SyncPolicySpec = {
    kind: 'server-paced',
    intervalMs: 15 * minute,
    minIntervalMs: 5 * minute,
    maxIntervalMs: 4 * hour,
    jitter: 0.1,
    retrySpread: 0.5,
  };
  const policy = createSyncPolicy(spec);
  const gapAt = (paceMs: number) => policy.next(momentAt(hour, { paceMs })) - hour;

  it.each([
    ['its own interval when none is announced', NaN, 15 * minute],
    ['the announced interval', hour, hour],
    ['its shortest interval when a shorter one is announced', minute, 5 * minute],
    ['its longest interval when a longer one is announced', 24 * hour, 4 * hour],
  ])('keeps %s, give or take the jitter', (_, paceMs, expected) => {
    expect(gapAt(paceMs)).toBeGreaterThanOrEqual(0.9 * expected);
    expect(gapAt(paceMs)).toBeLessThanOrEqual(1.1 * expected);
  });

  it('comes back from a refusal after what was asked, spread over half of it', () => {
    const waits = Array.from({ length: 500 }, (_, index) => {
      const draw = (index + 0.5) / 500;
      return policy.next(momentAt(hour, { retryAfterMs: 100_000, random: () => draw })) - hour;
    });
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(100_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(150_000);
    expect(waits.reduce((sum, wait) => sum + wait, 0) / 500).toBeCloseTo(125_000, 0);
  });
});

describe('a device that follows pushes', () => {
  it('lets a push pass that announces what it holds, if it is to', () => {
    const skipping = createSyncPolicy({ kind: 'hybrid', safetyIntervalMs: hour, spreadMs: 0, skipKnown: 1 });
    expect(skipping.onPush(momentAt(5, { known: true }))).toBe(Infinity);
    expect(skipping.onPush(momentAt(5, { known: false }))).toBe(5);
    const asking = createSyncPolicy({ kind: 'hybrid', safetyIntervalMs: hour, spreadMs: 0 });
    expect(asking.onPush(momentAt(5, { known: true }))).toBe(5);
  });

  it('knows a push for a sign of life even when it lets it pass', () => {
    const policy = createSyncPolicy({
      kind: 'hybrid-fallback',
      safetyIntervalMs: 4 * hour,
      fallbackIntervalMs: minute,
      silentAfterMs: hour,
      spreadMs: 0,
      skipKnown: 1,
    });
    const moment = momentAt(3 * hour, { known: true, memory: 0 });
    policy.onPush(moment);
    expect(policy.next(moment)).toBe(7 * hour);
  });

  it('asks about the pushed collection only, if it is to', () => {
    expect(createSyncPolicy({ kind: 'on-push', spreadMs: 0, wholeAccount: 0 }).pushedOnly).toBe(true);
    expect(createSyncPolicy({ kind: 'on-push', spreadMs: 0 }).pushedOnly).toBe(false);
  });
});

describe('what a user starts', () => {
  const usesIn = (spec: SyncPolicySpec, zoneMs: number): number[] => {
    const policy = createSyncPolicy(spec);
    const moment = momentAt(0, { zoneMs });
    const uses: number[] = [];
    for (let at = policy.first(moment); at < 400 * 24 * hour; at = policy.next(moment)) {
      uses.push(at);
      moment.now = at;
      moment.scheduled = at;
    }
    return uses;
  };
  const manual: SyncPolicySpec = { kind: 'manual', refreshesPerDay: 6, wakeHour: 8, sleepHour: 20 };

  it.each([0, 9, -8])('falls into the waking day of a user %i hours from UTC', (zone) => {
    const uses = usesIn(manual, zone * hour);
    const hours = uses.map((at) => ((((at + zone * hour) / hour) % 24) + 24) % 24);
    expect(Math.min(...hours)).toBeGreaterThanOrEqual(8);
    expect(Math.max(...hours)).toBeLessThanOrEqual(20);
    expect(uses.length / 400).toBeGreaterThan(5.7);
    expect(uses.length / 400).toBeLessThan(6.3);
  });

  it('never happens when nobody refreshes', () => {
    expect(usesIn({ kind: 'manual', refreshesPerDay: 0, wakeHour: 0, sleepHour: 24 }, 0)).toEqual([]);
  });
});
