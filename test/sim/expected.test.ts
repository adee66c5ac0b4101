import { describe, expect, it } from 'vitest';
import { histogramQuantile, simulate, whyNot, type DeviceGroup, type RunSpec } from '../../sim/index.ts';
import { constant, plainCollections, plainDevices, plainRadio, plainSpec } from './plain-spec.ts';

const minute = 60_000;

const polling = (intervalMs: number, changes: Partial<DeviceGroup> = {}): DeviceGroup =>
  plainDevices({
    perUser: 2,
    link: { name: 'link', rttMs: { kind: 'lognormal', median: 60, p95: 160 }, mbpsUp: 6, mbpsDown: 13 },
    syncPolicy: { kind: 'fixed', intervalMs },
    ...changes,
  });

const busy = {
  ...plainSpec().server,
  serviceMs: {
    ...plainSpec().server.serviceMs,
    'sync-token': constant(2),
    'sync-collection': constant(4),
    multiget: constant(6),
    put: constant(8),
  },
};

const headers = { ttlSeconds: 86_400, topic: 1 };

/** Devices that are pushed at once, and poll every four hours. */
const pushed = (answer: { wholeAccount?: 0; spreadMs?: number }, changes: Partial<DeviceGroup> = {}) =>
  ({
    deviceGroups: [
      polling(minute, {
        radio: { ...plainRadio, pagingMs: { kind: 'uniform', min: 0, max: 1280 } },
        syncPolicy: {
          kind: 'hybrid',
          safetyIntervalMs: 240 * minute,
          spreadMs: 0,
          ...answer,
        },
        ...changes,
      }),
    ],
    pushPolicy: { kind: 'immediate', ...headers },
    pushService: service,
    server: { ...busy, pushMs: constant(1) },
  }) satisfies Partial<RunSpec>;

const service: RunSpec['pushService'] = {
  name: 'push service',
  delayMs: { kind: 'lognormal', median: 1000, p95: 3000 },
  loss: 0,
  keepAliveMs: 28 * minute,
};

const specOf = (changes: Partial<RunSpec>): RunSpec =>
  plainSpec({
    users: 1000,
    deviceGroups: [polling(15 * minute)],
    collectionGroups: [
      plainCollections({ writer: 'device', objects: 50, changes: { kind: 'poisson', perDay: 20 } }),
      plainCollections({ members: 8, objects: 200, changes: { kind: 'poisson', perDay: 40 } }),
    ],
    // The forms are about what goes on for ever; a fleet begins with everything in order.
    warmUpMs: 240 * minute,
    transport: { http: '1.1', tls: true, keepAliveMs: 15_000 },
    server: busy,
    ...changes,
  });

describe('mode expected', () => {
  it.each<[string, Partial<RunSpec>]>([
    ['polls seldom', { deviceGroups: [polling(120 * minute)] }],
    [
      'begins in order and has polls further apart than its warm-up is long',
      { deviceGroups: [polling(480 * minute)], warmUpMs: 60 * minute },
    ],
    ['polls before its radio sleeps', { deviceGroups: [polling(8000)], users: 16 }],
    [
      'writes so often that its tails overlap',
      {
        deviceGroups: [polling(minute / 2)],
        collectionGroups: [
          plainCollections({ writer: 'device', objects: 500, changes: { kind: 'poisson', perDay: 2000 } }),
        ],
        users: 30,
      },
    ],
    [
      'lists what it has, from the home',
      {
        deviceGroups: [
          polling(30 * minute, { client: { name: 'x', check: 'home', report: 'list', multigetBatch: 3 } }),
        ],
      },
    ],
    [
      'gets bodies with the report',
      {
        deviceGroups: [
          polling(30 * minute, { client: { name: 'x', check: 'none', inline: true, multigetBatch: 1 } }),
        ],
      },
    ],
    [
      'polls with a jitter',
      {
        deviceGroups: [
          polling(15 * minute, { syncPolicy: { kind: 'jittered', intervalMs: 15 * minute, jitter: 0.1 } }),
        ],
      },
    ],
    [
      'polls with a jitter as wide as it can be',
      {
        deviceGroups: [
          polling(15 * minute, { syncPolicy: { kind: 'jittered', intervalMs: 15 * minute, jitter: 0.5 } }),
        ],
      },
    ],
    ['is pushed at once', pushed({})],
    ['is pushed about one collection at a time', pushed({ wholeAccount: 0 })],
    [
      'is pushed after a window',
      { ...pushed({}), pushPolicy: { kind: 'window', windowMs: 3000, ...headers } },
    ],
    [
      'is pushed after a long window, which other contacts cut short',
      { ...pushed({}), pushPolicy: { kind: 'window', windowMs: 5 * minute, ...headers } },
    ],
    ['is pushed and asks the home', pushed({}, { client: { name: 'x', check: 'home', multigetBatch: 10 } })],
    [
      'polls in part and is pushed in part',
      {
        ...pushed({}),
        deviceGroups: [
          ...(pushed({}).deviceGroups ?? []),
          polling(30 * minute, { name: 'laptop', perUser: 1 }),
        ],
      },
    ],
  ])('is near exact for a fleet that %s', (_, changes) => {
    const { expectedError, mode } = simulate(specOf(changes), { mode: 'expected' });
    expect(mode).toBe('expected');
    if (expectedError === undefined) throw new RangeError('no error given');
    // Polls come by the clock, pushes at random.
    expect(expectedError.contacts).toBeLessThan(changes.pushPolicy === undefined ? 0.001 : 0.01);
    expect(expectedError.energy).toBeLessThan(0.01);
    expect(expectedError.requests).toBeLessThan(0.02);
    expect(expectedError.bytes).toBeLessThan(0.02);
    expect(expectedError.serverBusy).toBeLessThan(0.02);
    expect(expectedError.stalenessMean).toBeLessThan(0.03);
    expect(expectedError.stalenessP95).toBeLessThan(0.03);
    expect(expectedError.freshShare).toBeLessThan(0.02);
  });

  it('waits at the server as requests at random times do', () => {
    const spec = specOf({
      deviceGroups: [polling(5 * minute)],
      users: 12_000,
      durationMs: 30 * minute,
      warmUpMs: 10 * minute,
    });
    const meanOf = (mode: 'exact' | 'expected') => {
      const { sum, count } = simulate(spec, { mode }).server.responseMs;
      return sum / count;
    };
    const ratio = meanOf('expected') / meanOf('exact');
    expect(ratio).toBeGreaterThan(0.97);
    expect(ratio).toBeLessThan(1.03);
  });

  it.each<[string, Partial<RunSpec>]>([
    [
      'is pushed by a slow service, so that messages overtake each other',
      {
        ...pushed({}),
        users: 104,
        collectionGroups: [
          plainCollections({ members: 8, objects: 200, changes: { kind: 'poisson', perDay: 1000 } }),
        ],
        pushService: { ...service, delayMs: { kind: 'lognormal', median: 5000, p95: 30_000 } },
      },
    ],
    [
      'is pushed after windows that are shorter than its tails',
      {
        ...pushed({}),
        users: 104,
        collectionGroups: [
          plainCollections({ members: 8, objects: 200, changes: { kind: 'poisson', perDay: 2000 } }),
        ],
        pushPolicy: { kind: 'window', windowMs: 8000, ...headers },
      },
    ],
  ])('is near exact for a fleet that %s', (_, changes) => {
    const { expectedError } = simulate(specOf(changes), { mode: 'expected' });
    const { devices, countedMs, runs, changes: made, ...errors } = expectedError ?? {};
    expect([devices, countedMs, runs]).toEqual([208, 86_400_000, 1]);
    expect(made).toBeGreaterThan(10_000);
    for (const error of Object.values(errors)) expect(error).toBeLessThan(0.03);
  });

  it.each<[string, Partial<RunSpec>]>([
    ['polls', { warmUpMs: 2000 }],
    ['is pushed', { ...pushed({}), pushPolicy: { kind: 'window', windowMs: 3000, ...headers } }],
  ])('tells its error of a short run, of a fleet that %s, from chance', (_, changes) => {
    const spec = specOf({
      users: 25,
      durationMs: 10_000,
      warmUpMs: 20_000,
      deviceGroups: [polling(2000)],
      collectionGroups: [plainCollections({ members: 5, changes: { kind: 'poisson', perDay: 8000 } })],
      ...changes,
    });
    const { expectedError, ledger } = simulate(spec, { mode: 'expected' });
    expect(ledger.changes).toBeLessThan(10);
    expect(expectedError?.runs).toBeGreaterThan(50);
    expect(expectedError?.stalenessMean).toBeLessThan(0.05);
    expect(expectedError?.freshShare).toBeLessThan(0.05);
  });

  it('needs no fleet in memory', () => {
    const { devices, staleness } = simulate(
      specOf({ users: 1e8, durationMs: 240 * minute, server: { ...busy, workers: 10_000 } }),
      {
        mode: 'expected',
      },
    );
    expect(devices).toBe(2e8);
    expect(histogramQuantile(staleness.normal, 0.5) / (7.5 * minute)).toBeCloseTo(1, 2);
  });

  it.each<[string, Partial<RunSpec>]>([
    [
      'adaptive',
      {
        deviceGroups: [
          polling(1, {
            syncPolicy: { kind: 'adaptive', minIntervalMs: 1e6, maxIntervalMs: 2e6, backOff: 2, tighten: 4 },
          }),
        ],
      },
    ],
    ['messages may be lost', { ...pushed({}), pushService: { ...service, loss: 0.1 } }],
    ['spread', pushed({ spreadMs: 1000 })],
    [
      'at once that they wait for each other',
      { ...pushed({}), collectionGroups: [plainCollections({ members: 200, objects: 50 })] },
    ],
    ['drain', { ...pushed({}), pushPolicy: { kind: 'drain', intervalMs: 1000, ...headers } }],
    [
      'forgets push connections',
      pushed(
        {},
        { link: { name: 'link', rttMs: constant(60), mbpsUp: 6, mbpsDown: 13, natTimeoutMs: minute } },
      ),
    ],
    [
      'begin one after the other',
      { deviceGroups: [polling(minute, { starts: { fromMs: 0, overMs: minute } })] },
    ],
    [
      'bursts',
      {
        collectionGroups: [
          plainCollections({ changes: { kind: 'bursts', perDay: 1, size: constant(3), gapMs: constant(5) } }),
        ],
      },
    ],
    ['keep up', { users: 1e7 }],
    ['restart', { server: { ...busy, restarts: [{ atMs: 1000, downMs: 1000 }] } }],
    ['away', { deviceGroups: [polling(minute, { connectivity: { hours: { from: 8, to: 17 } } })] }],
  ])('is refused where there is no form: %s', (word, changes) => {
    expect(whyNot(specOf(changes), 'expected')).toContain(word);
    expect(() => simulate(specOf(changes), { mode: 'expected' })).toThrow(word);
  });
});
