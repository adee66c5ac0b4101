import { describe, expect, it } from 'vitest';
import { simulate, type RunRecord, type RunSpec, type SyncPolicySpec } from '../../sim/index.ts';
import { constant, plainCollections, plainDevices, plainRadio, plainSpec } from './plain-spec.ts';

const minute = 60_000;
const hour = 60 * minute;

const wan = { name: 'wan', rttMs: constant(100), mbpsUp: Infinity, mbpsDown: Infinity };
const run = (syncPolicy: SyncPolicySpec, changes: Partial<RunSpec> = {}): RunRecord =>
  simulate(
    plainSpec({
      deviceGroups: [plainDevices({ syncPolicy, link: wan })],
      pushPolicy: { kind: 'immediate', ttlSeconds: 86_400, topic: 1 },
      transport: { http: '2', tls: true, keepAliveMs: hour },
      ...changes,
    }),
  );
const total = ({ requests }: RunRecord) => Object.values(requests).reduce((sum, count) => sum + count, 0);
const energyJ = ({ groups }: RunRecord) =>
  groups.reduce((sum, { energyJ: { promotion, active, tail } }) => sum + promotion + active + tail, 0);

describe('a long poll', () => {
  const quiet = { collectionGroups: [plainCollections({ changes: { kind: 'poisson', perDay: 0 } })] };

  it('shows a change as soon as a push does, at any time of the hold', () => {
    const record = run({ kind: 'long-poll', holdMs: 5 * minute, gapMs: 1 }, { warmUpMs: hour });
    expect(record.ledger.lost).toBe(0);
    expect(record.ledger.seen).toBeGreaterThan(2000);
    // The answer to the held request, the report and the bodies: two and a half round trips.
    const { normal } = record.staleness;
    expect(normal.max).toBeLessThan(1200);
    expect(normal.sum / normal.count).toBeGreaterThan(200);
  });

  it('asks again once a hold when nothing happens, and empties its radio each time', () => {
    const record = run({ kind: 'long-poll', holdMs: 5 * minute, gapMs: 1 }, quiet);
    expect(total(record)).toBeGreaterThan(100 * 24 * 12 * 0.99);
    expect(total(record)).toBeLessThanOrEqual(100 * 24 * 12);
    expect(record.groups[0]?.emptyContacts).toBe(record.groups[0]?.contacts);
    const seldom = run({ kind: 'long-poll', holdMs: 20 * minute, gapMs: 1 }, quiet);
    expect(energyJ(seldom)).toBeLessThan(energyJ(record) / 2);
  });

  it('is not held by a server that answers at once: the policy decides', () => {
    const polled = run({ kind: 'fixed', intervalMs: 5 * minute });
    expect(polled.staleness.normal.max).toBeGreaterThan(4 * minute);
  });

  it('finds a device that is away when it is back', () => {
    const record = run(
      { kind: 'long-poll', holdMs: 5 * minute, gapMs: 1 },
      {
        durationMs: 48 * hour,
        deviceGroups: [
          plainDevices({
            syncPolicy: { kind: 'long-poll', holdMs: 5 * minute, gapMs: 1 },
            connectivity: { hours: { from: 8, to: 20 } },
          }),
        ],
      },
    );
    expect(record.ledger.lost).toBe(0);
    expect(record.staleness.normal.max).toBeGreaterThan(10 * hour);
    expect(record.staleness.normal.max).toBeLessThan(12.1 * hour);
  });
});

describe('a device with ten calendars', () => {
  const ten = {
    collectionGroups: [plainCollections({ perUser: 10, changes: { kind: 'poisson', perDay: 2 } })],
  };

  it('asks about all of them after a push, or about the pushed one only', () => {
    const whole = run({ kind: 'on-push', spreadMs: 0 }, ten);
    const one = run({ kind: 'on-push', spreadMs: 0, wholeAccount: 0 }, ten);
    expect(one.ledger.lost).toBe(0);
    expect(one.ledger.seen).toBe(whole.ledger.seen);
    const contacts = whole.groups[0]?.contacts ?? 0;
    expect(whole.requests['sync-token']).toBe(10 * contacts);
    expect(one.requests['sync-token']).toBe(one.groups[0]?.contacts);
    expect(one.requests['sync-collection']).toBe(whole.requests['sync-collection']);
    expect(one.freshShare).toBeCloseTo(whole.freshShare, 4);
  });

  it('goes straight to the report of the pushed one when it asks the home otherwise', () => {
    const client = { name: 'home', check: 'home' as const, multigetBatch: 10 };
    const devices = (wholeAccount: number) => ({
      deviceGroups: [plainDevices({ client, syncPolicy: { kind: 'on-push', spreadMs: 0, wholeAccount } })],
    });
    const whole = run({ kind: 'on-push', spreadMs: 0 }, { ...ten, ...devices(1) });
    const one = run({ kind: 'on-push', spreadMs: 0 }, { ...ten, ...devices(0) });
    expect(whole.requests.home).toBe(whole.groups[0]?.contacts);
    expect(one.requests.home).toBe(0);
    expect(one.ledger).toEqual(whole.ledger);
  });

  it('polls all of them when a safety poll is due, whatever was pushed', () => {
    const policy: SyncPolicySpec = { kind: 'hybrid', safetyIntervalMs: hour, spreadMs: 0, wholeAccount: 0 };
    const lossy = run(policy, { ...ten, pushService: { ...plainSpec().pushService, loss: 1 } });
    expect(lossy.ledger.lost).toBe(0);
    expect(lossy.requests['sync-token']).toBe(10 * (lossy.groups[0]?.contacts ?? 0));
  });
});

describe('a push that is no news', () => {
  const devices = (syncPolicy: SyncPolicySpec) => ({
    deviceGroups: [plainDevices({ perUser: 1, syncPolicy, link: wan })],
    pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 1 } as const,
    pushService: { ...plainSpec().pushService, delayMs: constant(20_000) },
    // Four changes within the delay of a message: each has its own, and the contact that the first leads to brings all.
    collectionGroups: [
      plainCollections({ changes: { kind: 'bursts', perDay: 10, size: constant(4), gapMs: constant(5000) } }),
    ],
  });

  it('costs a contact, unless its token tells that it is none', () => {
    const asks = run({ kind: 'on-push', spreadMs: 0 }, devices({ kind: 'on-push', spreadMs: 0 }));
    const skips = run(
      { kind: 'on-push', spreadMs: 0 },
      devices({ kind: 'on-push', spreadMs: 0, skipKnown: 1 }),
    );
    expect(skips.push).toEqual(asks.push);
    expect(skips.ledger).toEqual(asks.ledger);
    expect(asks.groups[0]?.emptyContacts).toBeGreaterThan(500);
    expect(skips.groups[0]?.emptyContacts).toBe(0);
  });
});

describe('self-echo', () => {
  it('tells the writer of its own change, who asks in vain', () => {
    const own = {
      deviceGroups: [plainDevices({ syncPolicy: { kind: 'on-push', spreadMs: 0 } as const, link: wan })],
      collectionGroups: [plainCollections({ writer: 'device' })],
    };
    const suppressed = run({ kind: 'on-push', spreadMs: 0 }, own);
    const echoed = run(
      { kind: 'on-push', spreadMs: 0 },
      { ...own, pushPolicy: { kind: 'immediate', ttlSeconds: 86_400, topic: 1, selfEcho: 1 } },
    );
    expect(suppressed.push.sent).toBe(0);
    expect(echoed.push.sent).toBe(echoed.requests.put);
    expect(echoed.groups[0]?.contacts).toBe(echoed.push.sent);
    expect(echoed.groups[0]?.emptyContacts).toBe(echoed.groups[0]?.contacts);
    expect(echoed.ledger.expected).toBe(0);
  });
});

describe('a bucket of tokens', () => {
  it('sends no more than its burst and what came back', () => {
    const record = run(
      { kind: 'on-push', spreadMs: 0 },
      {
        pushPolicy: {
          kind: 'token-bucket',
          burst: 5,
          refillMs: hour,
          windowMs: 0,
          ttlSeconds: 86_400,
          topic: 1,
        },
        collectionGroups: [plainCollections({ changes: { kind: 'poisson', perDay: 200 } })],
      },
    );
    expect(record.push.sent).toBeLessThanOrEqual(100 * (5 + 24));
    expect(record.push.sent).toBeGreaterThan(100 * (5 + 23) * 0.99);
    expect(record.ledger.lost).toBe(0);
  });
});

describe('push services', () => {
  it('differ by device group, and a group may have none', () => {
    const policy: SyncPolicySpec = { kind: 'hybrid', safetyIntervalMs: hour, spreadMs: 0 };
    const slow = { ...plainSpec().pushService, name: 'slow', delayMs: constant(10_000) };
    const record = run(policy, {
      deviceGroups: [
        plainDevices({ name: 'quick', syncPolicy: policy, radio: plainRadio }),
        plainDevices({ name: 'slow', syncPolicy: policy, pushService: slow }),
        plainDevices({ name: 'none', syncPolicy: policy, pushService: null }),
      ],
      collectionGroups: [plainCollections({ importance: { high: 0, normal: 1, low: 0 } })],
    });
    expect(record.ledger.lost).toBe(0);
    const { changes } = record.ledger;
    expect(record.push.sent).toBe(2 * changes);
    // A third of the pairs waits for the poll.
    const { buckets, count } = record.staleness.normal;
    expect(buckets.length).toBeGreaterThan(3);
    expect(count).toBe(3 * changes);
    expect(record.groups[2]?.contacts).toBeLessThan((record.groups[0]?.contacts ?? 0) / 1.5);
  });
});
