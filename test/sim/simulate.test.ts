import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { mergeHistograms, simulate, type RadioSpec, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { constant, plainCollections, plainDevices, plainRadio, plainSpec } from './plain-spec.ts';

const busyServer = (workers: number): RunSpec['server'] => ({
  ...plainSpec().server,
  workers,
  serviceMs: {
    'sync-token': { kind: 'exponential', mean: 20 },
    'sync-collection': constant(30),
    multiget: constant(40),
    put: { kind: 'uniform', min: 10, max: 90 },
    delete: constant(1),
    register: constant(1),
    home: constant(25),
    list: { kind: 'exponential', mean: 60 },
  },
  pushMs: constant(5),
});

const syncPolicies: RunSpec['deviceGroups'][number]['syncPolicy'][] = [
  { kind: 'fixed', intervalMs: 300_000 },
  { kind: 'jittered', intervalMs: 600_000, jitter: 0.3 },
  { kind: 'hybrid', safetyIntervalMs: 3_600_000, spreadMs: 2000 },
  { kind: 'on-push', spreadMs: 0 },
];
const pushPolicies: RunSpec['pushPolicy'][] = [
  { kind: 'off' },
  { kind: 'immediate', ttlSeconds: 60, topic: 1 },
  { kind: 'window', windowMs: 5000, ttlSeconds: 60, topic: 0 },
];

/** Like 3G: a middle state with a promotion of its own, in which small transfers pass. */
const stagedRadio: RadioSpec = {
  name: 'staged',
  promotion: { ms: 2000, watts: 0.65 },
  active: { watts: 1.3, wattsPerMbpsUp: 0.1, wattsPerMbpsDown: 0.1 },
  tail: [
    { name: 'DCH', ms: 4000, watts: 1.3 },
    {
      name: 'FACH',
      ms: 10_000,
      watts: 0.3,
      promotion: { ms: 1500, watts: 0.8 },
      carries: { bytesUp: 543, bytesDown: 475 },
      dutyCycle: { onWatts: 0.5, onMs: 10, cycleMs: 100 },
    },
  ],
  idleWatts: 0.01,
  idleDutyCycle: { onWatts: 0.3, onMs: 50, cycleMs: 5000 },
  pagingMs: { kind: 'uniform', min: 0, max: 5000 },
};

/** Small runs of every shape: shared and personal collections, every policy, busy and idle servers. */
const specs = fc
  .record({
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
    users: fc.integer({ min: 1, max: 30 }),
    perUser: fc.constantFrom(0.4, 1, 2.5),
    members: fc.integer({ min: 1, max: 12 }),
    collectionsPerUser: fc.constantFrom(0.5, 1, 2),
    writer: fc.constantFrom('device' as const, 'external' as const),
    workers: fc.integer({ min: 1, max: 3 }),
    warmUpMs: fc.constantFrom(0, 600_000),
    syncPolicy: fc.constantFrom(...syncPolicies),
    pushPolicy: fc.constantFrom(...pushPolicies),
    loss: fc.constantFrom(0, 0.2, 1),
    throttle: fc.constantFrom(
      {},
      { throttle: { burst: 3, refillMs: 180_000, over: 'delay' as const } },
      { throttle: { burst: 1, refillMs: 60_000, over: 'drop' as const } },
    ),
    outages: fc.constantFrom(
      {},
      { outages: [{ fromMs: 1_000_000, toMs: 2_000_000, lost: false }] },
      { outages: [{ fromMs: 0, toMs: 3_000_000, lost: true }] },
    ),
    connectivity: fc.constantFrom(
      {},
      { connectivity: { spells: { perDay: 48, lengthMs: { kind: 'exponential' as const, mean: 900_000 } } } },
      { connectivity: { hours: { from: 0.5, to: 1.5, days: [1, 1, 1, 1, 1, 0, 0] } } },
    ),
    keepAliveMs: fc.constantFrom(0, 7000, 60_000, 1_680_000),
    radio: fc.constantFrom(plainRadio, stagedRadio),
    check: fc.constantFrom('none' as const, 'sync-token' as const, 'home' as const),
    report: fc.constantFrom('sync-collection' as const, 'list' as const),
    inline: fc.boolean(),
    concurrency: fc.constantFrom(1, 3),
  })
  .map((drawn) =>
    plainSpec({
      seed: drawn.seed,
      users: drawn.users,
      durationMs: 7_200_000,
      warmUpMs: drawn.warmUpMs,
      deviceGroups: [
        plainDevices({
          perUser: drawn.perUser,
          radio: drawn.radio,
          ...drawn.connectivity,
          syncPolicy: drawn.syncPolicy,
          client: {
            name: 'drawn',
            check: drawn.check,
            report: drawn.report,
            inline: drawn.inline,
            multigetBatch: 3,
            concurrency: drawn.concurrency,
          },
          link: {
            name: 'slow',
            rttMs: { kind: 'lognormal', median: 100, p95: 900 },
            mbpsUp: 0.5,
            mbpsDown: 2,
          },
        }),
        plainDevices({
          name: 'laptop',
          perUser: 0.5,
          radio: { ...plainRadio, tail: [], promotion: { ms: 0, watts: 0 } },
        }),
      ],
      collectionGroups: [
        plainCollections({
          members: drawn.members,
          perUser: drawn.collectionsPerUser,
          writer: drawn.writer,
          objects: 5,
          changes: { kind: 'poisson', perDay: 400 },
        }),
        plainCollections({ name: 'own', objects: 20 }),
      ],
      pushPolicy: drawn.pushPolicy,
      pushService: {
        name: 'drawn',
        delayMs: { kind: 'exponential', mean: 1500 },
        loss: drawn.loss,
        ...drawn.throttle,
        ...drawn.outages,
        keepAliveMs: drawn.keepAliveMs,
      },
      server: busyServer(drawn.workers),
    }),
  );

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const withoutSpec = ({ spec: _, ...rest }: RunRecord) => rest;

describe('any run', () => {
  test.prop([specs], { numRuns: 60 })('balances its books', (spec) => {
    const record = simulate(spec);
    const { ledger, server, stateCheck } = record;
    expect(ledger.expected).toBe(ledger.seen + ledger.lost);
    expect(mergeHistograms(Object.values(record.staleness)).count).toBe(ledger.seen);
    expect(server.requests).toBe(sum(Object.values(record.requests)));
    expect(server.responseMs.count).toBe(server.requests);
    expect(sum(server.series.requests)).toBe(server.requests);
    expect(record.push.sent).toBe(sum(server.series.pushes));
    expect(record.freshShare).toBeGreaterThanOrEqual(0);
    expect(record.freshShare).toBeLessThanOrEqual(1);
    if (ledger.lost > 0) expect(stateCheck.different).toBeGreaterThan(0);
    for (const group of record.groups) {
      expect(group.emptyContacts).toBeLessThanOrEqual(group.contacts);
      for (const joules of Object.values(group.energyJ)) expect(joules).toBeGreaterThanOrEqual(0);
    }
  });

  test.prop([specs], { numRuns: 20 })('yields the same record twice', (spec) => {
    expect(JSON.stringify(simulate(spec))).toBe(JSON.stringify(simulate(spec)));
  });

  test.prop([specs], { numRuns: 20 })('sees the same changes whatever the policy', (spec) => {
    const other = simulate({
      ...spec,
      pushPolicy: { kind: 'off' },
      deviceGroups: spec.deviceGroups.map((group) => ({
        ...group,
        syncPolicy: { kind: 'fixed', intervalMs: 1_000_000 },
      })),
    });
    // A change near the edge may be committed just after it under one load and just before it under another.
    expect(Math.abs(simulate(spec).ledger.changes - other.ledger.changes)).toBeLessThanOrEqual(2);
  });
});

describe('one run', () => {
  it('counts losses when every push is dropped and nothing polls', () => {
    const record = simulate(
      plainSpec({
        deviceGroups: [plainDevices({ syncPolicy: { kind: 'on-push', spreadMs: 0 } })],
        pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 1 },
        pushService: { ...plainSpec().pushService, loss: 1 },
      }),
    );
    expect(record.ledger).toMatchObject({ seen: 0, lost: record.ledger.changes });
    expect(record.push).toMatchObject({ delivered: 0, dropped: record.push.sent });
    expect(record.stateCheck.different).toBeGreaterThan(90);
  });

  it('loses nothing when a safety poll backs the lost pushes', () => {
    const record = simulate(
      plainSpec({
        deviceGroups: [
          plainDevices({ syncPolicy: { kind: 'hybrid', safetyIntervalMs: 3_600_000, spreadMs: 0 } }),
        ],
        pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 1 },
        pushService: { ...plainSpec().pushService, loss: 0.5 },
      }),
    );
    expect(record.ledger.lost).toBe(0);
    expect(record.stateCheck.different).toBe(0);
  });

  it('does not push a change back to the device that wrote it', () => {
    const record = simulate(
      plainSpec({
        deviceGroups: [plainDevices({ syncPolicy: { kind: 'on-push', spreadMs: 0 } })],
        collectionGroups: [plainCollections({ writer: 'device' })],
        pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 1 },
      }),
    );
    expect(record.requests.put).toBeGreaterThan(0);
    expect(record.push.sent).toBe(0);
    expect(withoutSpec(record).ledger).toMatchObject({ expected: 0, lost: 0 });
  });

  it('tells of the time until it was told to stop', () => {
    const spec = plainSpec({ users: 5000 });
    const { countedMs } = simulate(spec, { shouldStop: () => true });
    expect(countedMs).toBeGreaterThan(0);
    expect(countedMs).toBeLessThan(spec.durationMs);
  });

  it('stops with an error when told to in a mode that is ahead of its time', () => {
    const stopped = { mode: 'exact-elided', shouldStop: () => true, eventsBetweenLooks: 10 } as const;
    expect(() => simulate(plainSpec({ users: 5000 }), stopped)).toThrow('told to stop');
  });
});
