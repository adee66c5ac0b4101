import { describe, expect, it } from 'vitest';
import { histogramQuantile, simulate, whyNot, type DeviceGroup, type RunSpec } from '../../sim/index.ts';
import { constant, plainCollections, plainDevices, plainSpec } from './plain-spec.ts';

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
  ])('is near exact for a fleet that %s', (_, changes) => {
    const { expectedError, mode } = simulate(specOf(changes), { mode: 'expected' });
    expect(mode).toBe('expected');
    if (expectedError === undefined) throw new RangeError('no error given');
    expect(expectedError.contacts).toBeLessThan(0.001);
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
      'jittered',
      { deviceGroups: [polling(1, { syncPolicy: { kind: 'jittered', intervalMs: 1e6, jitter: 0.1 } })] },
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
