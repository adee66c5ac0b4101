import { describe, expect, it } from 'vitest';
import {
  simulate,
  type DeviceGroup,
  type OtherTraffic,
  type RunRecord,
  type RunSpec,
} from '../../sim/index.ts';
import { constant, plainCollections, plainDevices, plainRadio, plainSpec } from './plain-spec.ts';

const minute = 60_000;
const hour = 60 * minute;

const quiet = [plainCollections({ changes: { kind: 'poisson', perDay: 0 } })];
const run = (devices: Partial<DeviceGroup>, changes: Partial<RunSpec> = {}): RunRecord =>
  simulate(plainSpec({ collectionGroups: quiet, deviceGroups: [plainDevices(devices)], ...changes }));
const syncJ = ({ groups: [group] }: RunRecord) => {
  const { promotion, active, tail } = group?.energyJ ?? { promotion: NaN, active: NaN, tail: NaN };
  return promotion + active + tail;
};

const chatter = (gapMs: number, attribution: OtherTraffic['attribution']): OtherTraffic => ({
  gapMs: { kind: 'exponential', mean: gapMs },
  lengthMs: constant(0),
  bytesUp: 0,
  bytesDown: 0,
  attribution,
});
const each15 = { kind: 'fixed', intervalMs: 15 * minute } as const;
const alone = 100 * 96 * (0.2 * (1.2 - 0.02) + 10 * (1 - 0.02));

describe('other traffic on the radio', () => {
  it('costs syncing nothing where there is none', () => {
    expect(syncJ(run({ syncPolicy: each15 })) / alone).toBeCloseTo(1, 2);
    const none = run({ syncPolicy: each15, otherTraffic: chatter(1e15, 'marginal') });
    expect(syncJ(none) / alone).toBeCloseTo(1, 2);
  });

  it.each([0.2, 1, 6])(
    'of %d transfers a minute shares its tails with syncs as Poisson wakes do',
    (perMinute) => {
      const record = run(
        { syncPolicy: each15, otherTraffic: chatter(minute / perMinute, 'marginal') },
        { users: 400, durationMs: 2 * 24 * hour },
      );
      // An instant of a sync's tail is its own if no other transfer came within a tail's length before: T·e^(-rT).
      const tail = 10;
      const expected = 400 * 2 * 96 * tail * Math.exp((-perMinute / 60) * tail) * 0.98;
      const tailJ = record.groups[0]?.energyJ.tail ?? NaN;
      expect(tailJ / expected).toBeGreaterThan(0.9);
      expect(tailJ / expected).toBeLessThan(1.1);
    },
  );

  it.each([1, 6])(
    'of %d transfers a minute can be charged fairly instead: half of what each saves the other',
    (perMinute) => {
      const traffic = chatter(minute / perMinute, 'marginal');
      const marginal = run({ syncPolicy: each15, otherTraffic: traffic });
      const fair = run({ syncPolicy: each15, otherTraffic: { ...traffic, attribution: 'shapley' } });
      expect(fair.groups[0]?.contacts).toBe(marginal.groups[0]?.contacts);
      expect(syncJ(fair) / ((syncJ(marginal) + alone) / 2)).toBeCloseTo(1, 2);
    },
  );
});

describe('a device with two networks', () => {
  const wifi = {
    ...plainRadio,
    name: 'wifi',
    promotion: { ms: 0, watts: 0 },
    tail: [{ name: 'tail', ms: 1000, watts: 0.5 }],
    idleWatts: 0.01,
  };
  const link = { name: 'instant', rttMs: constant(0), mbpsUp: Infinity, mbpsDown: Infinity };
  const nights = { radio: wifi, link, hours: [{ from: 20, to: 8, spreadMs: 0 }] };

  it('spends half of its polls on each, and both radios idle all day', () => {
    const record = run({ syncPolicy: each15, roaming: nights });
    const cellularJ = 48 * (0.2 * (1.2 - 0.02) + 10 * (1 - 0.02));
    const wifiJ = 48 * (1 * (0.5 - 0.01));
    expect(syncJ(record) / 100 / (cellularJ + wifiJ)).toBeCloseTo(1, 2);
    expect(record.groups[0]?.energyJ.idle).toBeCloseTo(100 * 86_400 * (0.02 + 0.01), 0);
    expect(record.groups[0]?.wakeUps).toBe(100 * 96);
  });

  it('opens a new connection after each change, and for push as well', () => {
    const transport = { http: '2' as const, tls: true, keepAliveMs: 24 * hour };
    const connects = (record: RunRecord) =>
      (record.bytes.find(({ cause }) => cause === 'connect')?.up ?? 0) / 500 / 100;
    const stays = run({ syncPolicy: each15 }, { transport });
    expect(connects(stays)).toBe(1);
    expect(connects(run({ syncPolicy: each15, roaming: nights }, { transport }))).toBe(3);
    const pushed = run(
      {
        syncPolicy: { kind: 'hybrid', safetyIntervalMs: hour, spreadMs: 0 },
        keepAliveMs: hour,
        roaming: nights,
      },
      { transport, pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 1 } },
    );
    expect(connects(pushed)).toBe(3 + 2);
  });
});

describe('a small packet in the first state after a transfer', () => {
  const keepAlive = (restartsTimer: boolean) => {
    const radio = {
      ...plainRadio,
      tail: [
        { name: 'DCH', ms: 5000, watts: 1, carries: { bytesUp: 320, bytesDown: 320, restartsTimer } },
        { name: 'FACH', ms: 5000, watts: 0.5 },
      ],
    };
    return run(
      { radio, keepAliveMs: 3000, syncPolicy: { kind: 'on-push', spreadMs: 0 } },
      { pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 1 } },
    );
  };

  it('keeps it up for good when it restarts the timer', () => {
    expect(keepAlive(true).groups[0]?.wakeUps).toBe(100);
    expect((keepAlive(true).groups[0]?.energyJ.tail ?? 0) / 100 / 86_400).toBeCloseTo(0.98, 2);
  });

  it('lets it run out when it does not', () => {
    // Awake at 0 s; carried at 3 s; beyond the timer at 6 s, where FACH is left for a transfer.
    const record = keepAlive(false);
    expect((record.groups[0]?.energyJ.tail ?? 0) / 100 / 86_400).toBeCloseTo((5 * 0.98 + 0.48) / 6, 2);
  });
});
