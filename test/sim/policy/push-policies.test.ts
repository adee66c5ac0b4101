import { describe, expect, it } from 'vitest';
import { createPushPolicy, type PushMoment, type PushPolicySpec } from '../../../sim/index.ts';

const headers = { ttlSeconds: 60, topic: 1 };

/** When messages leave for changes at `atMs`, to one subscription; a change joins a message that has not left. */
function departures(spec: PushPolicySpec, atMs: readonly number[], backlogMs = 0): number[] {
  const policy = createPushPolicy(spec);
  const left: number[] = [];
  const moment: PushMoment = {
    now: 0,
    importance: 'normal',
    firstAt: 0,
    dueAt: NaN,
    lastSentAt: -Infinity,
    rank: 0,
    backlogMs,
    memory: 0,
  };
  for (const now of atMs) {
    if (moment.dueAt <= now) moment.dueAt = NaN;
    if (Number.isNaN(moment.dueAt)) moment.firstAt = now;
    else left.pop();
    moment.now = now;
    moment.dueAt = policy.due(moment);
    left.push(moment.dueAt);
  }
  return left;
}

describe('token-bucket', () => {
  const bucket: PushPolicySpec = {
    kind: 'token-bucket',
    burst: 3,
    refillMs: 60_000,
    windowMs: 0,
    ...headers,
  };

  it('lets a burst through at once and then one message for each token', () => {
    const changes = Array.from({ length: 100 }, (_, second) => second * 1000);
    expect(departures(bucket, changes)).toEqual([0, 1000, 2000, 60_000, 120_000]);
  });

  it('fills up again while nothing changes, and no further than to the burst', () => {
    const changes = [0, 1, 2, 1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3];
    expect(departures(bucket, changes)).toEqual([0, 1, 2, 1e6, 1e6 + 1, 1e6 + 2, 1e6 + 60_000]);
  });

  it('is a gap between messages when it holds one token', () => {
    const one: PushPolicySpec = { ...bucket, kind: 'token-bucket', burst: 1 };
    expect(departures(one, [0, 10, 20, 60_010])).toEqual([0, 60_000, 120_000]);
  });
});

describe('load-paced', () => {
  const spec: PushPolicySpec = {
    kind: 'load-paced',
    windowMs: 1000,
    perBacklog: 10,
    maxDelayMs: 60_000,
    ...headers,
  };

  it.each([
    [0, 1000],
    [500, 6000],
    [1e6, 60_000],
  ])('waits longer when the server has %d ms of work before it', (backlogMs, due) => {
    expect(departures(spec, [0], backlogMs)).toEqual([due]);
  });
});

describe('self-echo', () => {
  it('is suppressed unless asked for', () => {
    expect(createPushPolicy({ kind: 'immediate', ...headers }).selfEcho).toBe(false);
    expect(createPushPolicy({ kind: 'immediate', ...headers, selfEcho: 1 }).selfEcho).toBe(true);
  });
});
