import { describe, expect, it } from 'vitest';
import { simulate, type DeviceGroup, type OsSpec, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { constant, plainCollections, plainDevices, plainSpec } from './plain-spec.ts';

const minute = 60_000;
const hour = 60 * minute;

const deep = {
  afterMs: hour,
  idleMs: hour,
  idleFactor: 2,
  maxIdleMs: 6 * hour,
  windowMs: 5 * minute,
  windowFactor: 2,
  maxWindowMs: 10 * minute,
};
const dozing: OsSpec = { name: 'dozing', doze: { deep }, wakingUrgency: 'high', pushGraceMs: 5 * minute };

const run = (devices: Partial<DeviceGroup>, changes: Partial<RunSpec> = {}): RunRecord =>
  simulate(plainSpec({ deviceGroups: [plainDevices(devices)], ...changes }));
const meanOf = ({ staleness }: RunRecord) => staleness.normal.sum / staleness.normal.count;

describe('a phone that lies untouched for a day', () => {
  it('polls in the maintenance windows only, and once it has for sure', () => {
    const record = run({ os: dozing, syncPolicy: { kind: 'fixed', intervalMs: 15 * minute } });
    // Four in the hour awake, five that windows let out, and those of the schedule that fall into a window of
    // 5 or four times 10 min: 1/3 + 4 · 2/3 on average.
    const contacts = (record.groups[0]?.contacts ?? 0) / 100;
    expect(contacts).toBeGreaterThan(11.7);
    expect(contacts).toBeLessThan(12.3);
    expect(record.ledger.lost).toBe(0);
    expect(record.staleness.normal.max).toBeLessThan(6.1 * hour + 10 * minute);
    expect(record.staleness.normal.max).toBeGreaterThan(5.5 * hour);
  });

  it('has the mean delay of maintenance windows with unequal gaps', () => {
    const record = run({ os: dozing, syncPolicy: { kind: 'fixed', intervalMs: minute } }, { users: 400 });
    const idle = [60, 120, 240, 360, 360].map((gap) => gap * minute);
    // The last spell begins at 1245 min and reaches beyond the day, to 1605.
    const cut = 195 * minute;
    const late = cut * (cut / 2 + 165 * minute);
    const spells = idle.reduce((sum, gap) => sum + (gap * gap) / 2, 0);
    const awake = 24 * hour - cut - idle.reduce((sum, gap) => sum + gap, 0);
    const exact = (spells + late + (awake * minute) / 2) / (24 * hour);
    expect(meanOf(record) / exact).toBeGreaterThan(0.97);
    expect(meanOf(record) / exact).toBeLessThan(1.03);
  });

  it('hears of urgent changes at once, and of others in the next window', () => {
    const policy = { kind: 'on-push', spreadMs: 0 } as const;
    const record = run(
      { os: dozing, syncPolicy: policy },
      { pushPolicy: { kind: 'immediate', ttlSeconds: 86_400, topic: 1 } },
    );
    const { high, normal } = record.staleness;
    expect(high.max).toBeLessThan(6 * hour);
    expect(high.sum / high.count).toBeLessThan(1000);
    expect(normal.sum / normal.count).toBeGreaterThan(20 * minute);
    expect(record.push.dropped).toBeGreaterThan(0);
  });

  it('is no different for one that never dozes', () => {
    const free = run({ os: { name: 'free' }, syncPolicy: { kind: 'fixed', intervalMs: 15 * minute } });
    const without = run({ syncPolicy: { kind: 'fixed', intervalMs: 15 * minute } });
    expect(free.groups).toEqual(without.groups);
    expect(free.staleness).toEqual(without.staleness);
  });

  it('lets its user ask at any time', () => {
    const policy = { kind: 'on-use', usesPerDay: 20, minGapMs: 0, wakeHour: 0, sleepHour: 24 } as const;
    const used = run({ os: dozing, syncPolicy: policy });
    expect(used.groups).toEqual(run({ syncPolicy: policy }).groups);
  });
});

describe('a quota of the operating system', () => {
  it('bounds the contacts of a client that wants more', () => {
    const os: OsSpec = { name: 'bucket', quotas: [{ contacts: 8, withinMs: 8 * hour }] };
    const record = run({ os, syncPolicy: { kind: 'fixed', intervalMs: 5 * minute } });
    expect(record.groups[0]?.contacts).toBe(100 * 24);
    expect(record.ledger.lost).toBe(0);
  });

  it('does not count on the charger', () => {
    const os: OsSpec = { name: 'bucket', quotas: [{ contacts: 1, withinMs: 24 * hour }] };
    const usage = { charging: { from: 0, to: 8, spreadMs: 0 } };
    const record = run({ os, usage, syncPolicy: { kind: 'fixed', intervalMs: hour } });
    expect(record.groups[0]?.contacts).toBe(100 * (8 + 1));
  });
});

describe('users in several time zones', () => {
  const zones = [
    { offsetHours: -8, weight: 1 },
    { offsetHours: 1, weight: 2 },
    { offsetHours: 9, weight: 1 },
  ];
  const office = { hours: { from: 9, to: 17 } };

  it('are away at different hours', () => {
    const polls = (timeZones: RunSpec['timeZones']) =>
      run(
        { connectivity: office, syncPolicy: { kind: 'fixed', intervalMs: 30 * minute } },
        { users: 400, ...(timeZones && { timeZones }) },
      );
    const [one, several] = [polls(undefined), polls(zones)];
    const busyHours = ({ server }: RunRecord) => {
      const perHour = Array.from({ length: 24 }, () => 0);
      for (const [bin, count] of server.series.requests.entries()) {
        const at = Math.floor((bin * server.series.binMs) / hour);
        perHour[at] = (perHour[at] ?? 0) + count;
      }
      return perHour.map((count) => count > 0);
    };
    const within = (from: number, to: number) => (_: unknown, at: number) => at >= from && at < to;
    expect(busyHours(one).filter(within(9, 17)).every(Boolean)).toBe(true);
    expect(busyHours(one).filter(within(0, 9)).some(Boolean)).toBe(false);
    // 9 to 17 is 17 to 1 in the west, 8 to 16 in Europe and 0 to 8 in the east.
    expect(busyHours(several).flatMap((busy, at) => (busy ? [] : [at]))).toEqual([16]);
    expect(several.ledger.lost).toBe(0);
  });

  it('change their calendars in their own working hours', () => {
    const working = Array.from({ length: 24 }, (_, at) => (at >= 9 && at < 17 ? 1 : 0));
    const record = run(
      { syncPolicy: { kind: 'fixed', intervalMs: minute } },
      {
        users: 300,
        timeZones: [{ offsetHours: 9, weight: 1 }],
        collectionGroups: [plainCollections({ changes: { kind: 'daily', perDay: 8, hours: working } })],
        durationMs: 8 * hour,
        server: { ...plainSpec().server, pushMs: constant(0) },
      },
    );
    // The run begins at 9 in the morning there: all of a day's changes come within its first eight hours.
    expect(record.ledger.changes / 300).toBeGreaterThan(7.5);
    expect(record.ledger.changes / 300).toBeLessThan(8.5);
  });
});
