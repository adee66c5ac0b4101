import { describe, expect, it } from 'vitest';
import { simulate, type PushServiceSpec, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { constant, plainCollections, plainDevices, plainSpec } from './plain-spec.ts';

const hour = 3_600_000;

const pushed = (changes: Partial<RunSpec>, devices: Parameters<typeof plainDevices>[0] = {}): RunRecord =>
  simulate(
    plainSpec({
      deviceGroups: [plainDevices({ syncPolicy: { kind: 'on-push', spreadMs: 0 }, ...devices })],
      pushPolicy: { kind: 'immediate', ttlSeconds: 86_400, topic: 1 },
      ...changes,
    }),
  );

const service = (changes: Partial<PushServiceSpec>): Partial<RunSpec> => ({
  pushService: { ...plainSpec().pushService, ...changes },
});

const longest = (record: RunRecord) => Math.max(...Object.values(record.staleness).map(({ max }) => max));

describe('a device that is away at night', () => {
  const connectivity = { hours: { from: 8, to: 20 } };

  it('gets by push in the morning what changed meanwhile, in one message', () => {
    const record = pushed({ durationMs: 48 * hour }, { connectivity });
    expect(record.ledger.lost).toBe(0);
    expect(longest(record)).toBeLessThanOrEqual(12 * hour);
    expect(longest(record)).toBeGreaterThan(10 * hour);
    expect(record.push.dropped).toBeGreaterThan(0);
    expect(record.push.delivered + record.push.dropped).toBeLessThanOrEqual(record.push.sent);
  });

  it('misses it when the message does not live that long', () => {
    const record = pushed(
      { durationMs: 48 * hour, pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 1 } },
      { connectivity },
    );
    expect(longest(record)).toBeGreaterThan(12 * hour);
  });

  it('polls when it is back, and writes then', () => {
    const record = simulate(
      plainSpec({
        durationMs: 48 * hour,
        deviceGroups: [
          plainDevices({ perUser: 2, connectivity, syncPolicy: { kind: 'fixed', intervalMs: hour } }),
        ],
        collectionGroups: [plainCollections({ writer: 'device' })],
      }),
    );
    expect(record.groups[0]?.contacts).toBeLessThanOrEqual(200 * 26);
    expect(record.groups[0]?.contacts).toBeGreaterThan(200 * 22);
    expect(record.ledger.lost).toBe(0);
    // Both devices of a user are away together, so nothing that one writes waits for the other for a night.
    expect(longest(record)).toBeLessThan(13 * hour);
  });
});

describe('a device with spells without a network', () => {
  it('is as stale as its spells are long', () => {
    const spells = { perDay: 4, lengthMs: constant(2 * hour) };
    const record = pushed({ durationMs: 72 * hour }, { connectivity: { spells } });
    const seen = Object.values(record.staleness);
    const mean = seen.reduce((sum, data) => sum + data.sum, 0) / record.ledger.seen;
    // A third of the time away; who changes then waits for half a spell on average.
    expect(mean / hour).toBeGreaterThan(0.3);
    expect(mean / hour).toBeLessThan(0.37);
    expect(longest(record)).toBeLessThanOrEqual(2 * hour);
  });
});

describe('a push service', () => {
  const busy = {
    collectionGroups: [plainCollections({ changes: { kind: 'poisson' as const, perDay: 2400 } })],
  };

  it('lets no more through than its throttle allows, and delays the rest', () => {
    const record = pushed({
      ...busy,
      users: 10,
      durationMs: 6 * hour,
      ...service({ throttle: { burst: 20, refillMs: 180_000, over: 'delay' } }),
    });
    expect(record.push.delivered).toBeLessThanOrEqual(10 * (20 + 120 + 1));
    expect(record.ledger.lost).toBe(0);
  });

  it('keeps one message of a topic waiting for its turn, not one for each change', () => {
    // A change every 10 s for an hour: a burst of 20, then one message each 3 min, and none once all is told.
    const atMs = Array.from({ length: 360 }, (_, change) => 10_000 * (change + 1));
    const record = pushed({
      users: 1,
      durationMs: 6 * hour,
      collectionGroups: [plainCollections({ changes: { kind: 'trace', atMs: [atMs] }, writer: 'external' })],
      ...service({ throttle: { burst: 20, refillMs: 180_000, over: 'delay', topicsOnly: true } }),
    });
    expect(record.push.sent).toBe(360);
    expect(record.push.delivered).toBe(20 + 3600 / 180);
    expect(record.push.dropped).toBe(360 - record.push.delivered);
    expect(record.ledger.lost).toBe(0);
    expect(longest(record)).toBeLessThanOrEqual(180_000);
    expect(record.groups[0]?.emptyContacts).toBeLessThanOrEqual(2);
  });

  it('drops what is beyond its throttle when it is made so', () => {
    const record = pushed({
      ...busy,
      users: 10,
      durationMs: 6 * hour,
      ...service({ throttle: { burst: 3, refillMs: 1_200_000, over: 'drop' } }),
    });
    expect(record.push.delivered).toBeLessThanOrEqual(10 * (3 + 18 + 1));
    expect(record.push.dropped).toBe(record.push.sent - record.push.delivered);
  });

  it('that is down holds changes back until it is there again, or loses them', () => {
    const outage = { fromMs: 4 * hour, toMs: 8 * hour };
    const kept = pushed(service({ outages: [{ ...outage, lost: false }] }));
    expect(kept.push.failed).toBeGreaterThan(0);
    expect(kept.push.dropped).toBe(0);
    expect(longest(kept)).toBeLessThanOrEqual(4 * hour);
    expect(pushed(service({ outages: [{ ...outage, lost: true }] })).push.dropped).toBeGreaterThan(0);
  });
});
