import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  mergeHistograms,
  simulate,
  type ChangeProcess,
  type DeviceGroup,
  type PushPolicySpec,
  type RunRecord,
  type RunSpec,
  type SyncPolicySpec,
} from '../../sim/index.ts';
import { constant, plainCollections, plainDevices, plainRadio, plainSpec } from './plain-spec.ts';

const minute = 60_000;
const hour = 60 * minute;
const headers = { ttlSeconds: 1800, topic: 1 };
const flag = fc.constantFrom(0, 1);

const syncPolicies: fc.Arbitrary<SyncPolicySpec> = fc.oneof(
  fc.record({
    kind: fc.constant('hybrid' as const),
    safetyIntervalMs: fc.constant(hour),
    spreadMs: fc.constantFrom(0, 10 * minute),
    skipKnown: flag,
    wholeAccount: flag,
  }),
  fc.record({
    kind: fc.constant('on-push' as const),
    spreadMs: fc.constant(0),
    skipKnown: flag,
    wholeAccount: flag,
  }),
  fc.constantFrom<SyncPolicySpec>(
    { kind: 'long-poll', holdMs: 4 * minute, gapMs: 1000 },
    { kind: 'manual', refreshesPerDay: 20, wakeHour: 0, sleepHour: 24 },
    {
      kind: 'server-paced',
      intervalMs: 10 * minute,
      minIntervalMs: minute,
      maxIntervalMs: hour,
      jitter: 0.1,
      retrySpread: 0.5,
    },
    { kind: 'adaptive', minIntervalMs: 2 * minute, maxIntervalMs: hour, backOff: 2, tighten: 4 },
    { kind: 'fixed', intervalMs: 7 * minute },
  ),
);

const pushPolicies: fc.Arbitrary<PushPolicySpec> = fc.oneof(
  fc.record({
    kind: fc.constant('token-bucket' as const),
    burst: fc.integer({ min: 1, max: 4 }),
    refillMs: fc.constantFrom(minute, 20 * minute),
    windowMs: fc.constantFrom(0, 3000),
    ttlSeconds: fc.constantFrom(0, 3600),
    topic: flag,
    selfEcho: flag,
  }),
  fc.constantFrom<PushPolicySpec>(
    { kind: 'load-paced', windowMs: 500, perBacklog: 20, maxDelayMs: minute, ...headers },
    { kind: 'immediate', ...headers, selfEcho: 1 },
    { kind: 'by-importance', highMs: 0, normalMs: 5000, lowMs: minute, sendLow: 0, ...headers },
    { kind: 'off' },
  ),
);

const dozing: DeviceGroup['os'] = {
  name: 'drawn',
  doze: {
    light: {
      afterMs: 4 * minute,
      idleMs: 5 * minute,
      idleFactor: 2,
      maxIdleMs: 15 * minute,
      windowMs: minute,
      windowFactor: 1,
      maxWindowMs: minute,
    },
    deep: {
      afterMs: 30 * minute,
      idleMs: 20 * minute,
      idleFactor: 2,
      maxIdleMs: hour,
      windowMs: 2 * minute,
      windowFactor: 2,
      maxWindowMs: 5 * minute,
    },
  },
  quotas: [
    { contacts: 1, withinMs: 5 * minute },
    { contacts: 4, withinMs: hour },
  ],
  wakingUrgency: 'high',
  pushGraceMs: minute,
};

const wifi = { ...plainRadio, name: 'wifi', tail: [{ name: 'tail', ms: 500, watts: 0.4 }], idleWatts: 0.005 };
const link = { name: 'drawn', rttMs: { kind: 'exponential', mean: 80 }, mbpsUp: 1, mbpsDown: 4 } as const;

const devices: fc.Arbitrary<DeviceGroup> = fc
  .record(
    {
      syncPolicy: syncPolicies,
      perUser: fc.constantFrom(0.5, 1, 2),
      os: fc.constant(dozing),
      usage: fc.constantFrom<NonNullable<DeviceGroup['usage']>>(
        {},
        { charging: { from: 1, to: 2, spreadMs: hour } },
        {
          screen: { perDay: 60, lengthMs: { kind: 'exponential', mean: 40_000 }, opens: 0.3 },
          carried: { from: 0, to: 3, spreadMs: 0 },
        },
      ),
      connectivity: fc.constantFrom<NonNullable<DeviceGroup['connectivity']>>(
        { spells: { perDay: 24, lengthMs: { kind: 'exponential', mean: 10 * minute } } },
        { airplane: { from: 1, to: 3, spreadMs: hour, share: 0.5 } },
        { hours: { from: 0.5, to: 22, spreadMs: hour } },
      ),
      roaming: fc.constant({ radio: wifi, link, hours: [{ from: 1, to: 2.5, spreadMs: hour }] }),
      otherTraffic: fc.record({
        gapMs: fc.constant({ kind: 'exponential' as const, mean: 3 * minute }),
        lengthMs: fc.constant({ kind: 'uniform' as const, min: 0, max: 5000 }),
        bytesUp: fc.constant(500),
        bytesDown: fc.constant(5000),
        attribution: fc.constantFrom('marginal' as const, 'shapley' as const),
      }),
      pushService: fc.constantFrom(null, {
        ...plainSpec().pushService,
        name: 'other',
        keepAliveMs: 5 * minute,
      }),
      batteryVolts: fc.constant(3.85),
    },
    { requiredKeys: ['syncPolicy', 'perUser'] },
  )
  .map((drawn) => plainDevices({ ...drawn, link }));

const processes: fc.Arbitrary<ChangeProcess> = fc.constantFrom<ChangeProcess>(
  { kind: 'poisson', perDay: 100 },
  { kind: 'daily', perDay: 100, hours: Array.from({ length: 24 }, (_, at) => at % 3) },
  {
    kind: 'scheduling',
    perDay: 10,
    attendees: { kind: 'uniform', min: 1, max: 8 },
    answerMs: { kind: 'exponential', mean: 10 * minute },
    deliverMs: 5000,
    replyMs: 1000,
    waveSize: 2,
    waveMs: 5000,
    mostRefreshed: 6,
  },
  { kind: 'clock', perDay: 60, everyMs: 15 * minute, lateMs: constant(500), days: [1, 1, 1, 1, 1, 0, 0] },
  { kind: 'bursts', perDay: 12, size: constant(6), gapMs: constant(2000) },
  { kind: 'trace', atMs: [[minute, hour], [2 * hour]], bytes: [[10, 20_000], [3000]] },
);

const specs: fc.Arbitrary<RunSpec> = fc
  .record({
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
    users: fc.integer({ min: 2, max: 15 }),
    groups: fc.array(devices, { minLength: 1, maxLength: 3 }),
    perUser: fc.constantFrom(1, 3),
    changes: processes,
    writer: fc.constantFrom('device' as const, 'external' as const),
    pushPolicy: pushPolicies,
    zones: fc.boolean(),
    mostStored: fc.constantFrom(1, 100),
    check: fc.constantFrom('sync-token' as const, 'home' as const, 'none' as const),
    workMs: fc.constantFrom(0, 30),
    overload: fc.boolean(),
  })
  .map((drawn) => {
    const { server, pushService } = plainSpec();
    const work = constant(drawn.workMs);
    return plainSpec({
      seed: drawn.seed,
      users: drawn.users,
      durationMs: 4 * hour,
      warmUpMs: 20 * minute,
      ...(drawn.zones && {
        timeZones: [
          { offsetHours: -8, weight: 1 },
          { offsetHours: 5.5, weight: 2 },
        ],
      }),
      deviceGroups: drawn.groups.map((group, index) => ({
        ...group,
        name: `group ${index}`,
        client: { ...group.client, check: drawn.check },
      })),
      collectionGroups: [
        plainCollections({ changes: drawn.changes, writer: drawn.writer, perUser: drawn.perUser }),
        plainCollections({ name: 'all', members: drawn.users, changes: { kind: 'poisson', perDay: 30 } }),
      ],
      pushPolicy: drawn.pushPolicy,
      pushService: {
        ...pushService,
        delayMs: { kind: 'exponential', mean: 2000 },
        loss: 0.1,
        keepAliveMs: 10 * minute,
        mostStored: drawn.mostStored,
        throttle: { burst: 5, refillMs: 5 * minute, over: 'delay', topicsOnly: true },
        deviceLimit: { burst: 20, refillMs: minute, over: 'drop' },
      },
      server: {
        ...server,
        serviceMs: { ...server.serviceMs, 'sync-token': work, 'sync-collection': work, put: work },
        ...(drawn.overload && {
          accept: { queue: 1, retryAfterMs: minute, refuseMs: 0.1, bytes: 180 },
          restarts: [{ atMs: hour, downMs: 5 * minute }],
          pacing: { overMs: minute, steps: [{ load: 0, intervalMs: 5 * minute }], smooth: false },
        }),
      },
    });
  });

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The bins of a run that is cut short are those that it began with. */
const withoutSeries = ({ server, failures, ...record }: RunRecord) => ({
  ...record,
  server: { ...server, series: sum(server.series.requests) },
  failures: failures && { ...failures, series: sum(failures.series) },
});

describe('any mix of models', () => {
  test.prop([specs], { numRuns: 100 })('ends, and balances its books', (spec) => {
    // The simulator itself throws when time in radio states does not add up to the simulated time.
    const record = simulate(spec);
    const { ledger, push } = record;
    expect(ledger.expected).toBe(ledger.seen + ledger.lost);
    expect(mergeHistograms(Object.values(record.staleness)).count).toBe(ledger.seen);
    expect(record.server.requests).toBe(sum(Object.values(record.requests)));
    expect(record.freshShare).toBeGreaterThanOrEqual(0);
    expect(record.freshShare).toBeLessThanOrEqual(1);
    expect(record.push.delivered + push.dropped).toBeLessThanOrEqual(push.sent + 500);
    if (ledger.lost > 0) expect(record.stateCheck.different).toBeGreaterThan(0);
    for (const group of record.groups) {
      expect(group.emptyContacts).toBeLessThanOrEqual(group.contacts);
      expect(group.wakeUps).toBeGreaterThanOrEqual(0);
      for (const joules of Object.values(group.energyJ)) expect(joules).toBeGreaterThanOrEqual(0);
    }
  });

  test.prop([specs], { numRuns: 25 })('yields the same record twice', (spec) => {
    expect(JSON.stringify(simulate(spec))).toBe(JSON.stringify(simulate(spec)));
  });

  test.prop([specs, fc.integer({ min: 1, max: 2000 })], { numRuns: 100 })(
    'yields, cut short, the record of a run that was to last for so long',
    (spec, events) => {
      let asked = 0;
      const isCut = () => (asked += 1) > 1;
      let cut: RunRecord;
      try {
        cut = simulate(spec, { shouldStop: isCut, eventsBetweenLooks: events });
      } catch (error) {
        // The warm-up was not over.
        expect(error).toMatchObject({ name: 'AbortError' });
        return;
      }
      expect(cut.spec.durationMs).toBe(cut.countedMs);
      expect(withoutSeries(cut)).toEqual(withoutSeries(simulate(cut.spec)));
    },
  );

  test.prop([specs], { numRuns: 25 })('takes no shortcut that would tell something else', (spec) => {
    const { mode: _, ...auto } = simulate(spec, { mode: 'auto' });
    const { mode: __, ...exact } = simulate(spec);
    if (_ === 'exact') expect(JSON.stringify(auto)).toBe(JSON.stringify(exact));
    else expect(auto.ledger).toEqual(exact.ledger);
  });
});
