import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  mergeBlocks,
  planRun,
  simulate,
  simulateBlocks,
  whyNot,
  type Distribution,
  type RunRecord,
  type RunSpec,
  type SyncPolicySpec,
} from '../../sim/index.ts';
import { constant, plainCollections, plainDevices, plainRadio, plainSpec } from './plain-spec.ts';

const radios = [
  plainRadio,
  { ...plainRadio, promotion: { ms: 0, watts: 0 } },
  {
    ...plainRadio,
    active: { watts: 1.1, wattsPerMbpsUp: 0.4, wattsPerMbpsDown: 0.1 },
    tail: [
      { name: 'short', ms: 90, watts: 1 },
      { name: 'long', ms: 20_000, watts: 0.4 },
    ],
  },
];

/** A time that is drawn around `ms`, or just that. */
const around = (ms: number, drawn: boolean): Distribution =>
  drawn ? { kind: 'uniform', min: 0, max: 3 * ms } : constant(ms);

const policyOf = (kind: 'fixed' | 'jittered' | 'adaptive', intervalMs: number): SyncPolicySpec => {
  switch (kind) {
    case 'fixed':
      return { kind, intervalMs };
    case 'jittered':
      return { kind, intervalMs, jitter: 0.3 };
    default:
      return { kind, minIntervalMs: intervalMs, maxIntervalMs: 4 * intervalMs, backOff: 2, tighten: 4 };
  }
};

const specs = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    intervalMs: fc.constantFrom(7000, 20_000, 300_000, 3_600_000),
    roundTripMs: fc.constantFrom(0, 30, 200),
    drawn: fc.constantFrom(false, true),
    perUser: fc.constantFrom(1, 3),
    policy: fc.constantFrom('fixed' as const, 'jittered' as const, 'adaptive' as const),
    keepAliveMs: fc.constantFrom(0, 15_000, 1e9),
    check: fc.constantFrom('none' as const, 'sync-token' as const),
    writer: fc.constantFrom('device' as const, 'external' as const),
    members: fc.constantFrom(1, 4),
    warmUpMs: fc.constantFrom(0, 400_000),
    radio: fc.constantFrom(...radios),
  })
  .map((drawn): RunSpec =>
    plainSpec({
      seed: drawn.seed,
      users: 12,
      durationMs: 7_200_000,
      warmUpMs: drawn.warmUpMs,
      deviceGroups: [
        plainDevices({
          perUser: 1.5,
          radio: drawn.radio,
          link: { name: 'link', rttMs: around(drawn.roundTripMs, drawn.drawn), mbpsUp: 1, mbpsDown: 2 },
          syncPolicy: policyOf(drawn.policy, drawn.intervalMs),
          client: { name: 'client', check: drawn.check, multigetBatch: 5 },
        }),
      ],
      collectionGroups: [
        plainCollections({
          members: drawn.members,
          perUser: drawn.perUser,
          writer: drawn.writer,
          changes: { kind: 'poisson', perDay: 60 },
        }),
      ],
      transport: { http: '1.1', tls: true, keepAliveMs: drawn.keepAliveMs },
      server: {
        ...plainSpec().server,
        workers: 1000,
        serviceMs: {
          ...plainSpec().server.serviceMs,
          'sync-token': around(5, drawn.drawn),
          'sync-collection': around(9, drawn.drawn),
        },
      },
    }),
  );

/** Steady polls of one collection with nothing drawn, which slices need. */
const steadySpecs = specs.map((spec): RunSpec => ({
  ...spec,
  deviceGroups: spec.deviceGroups.map((group) => ({
    ...group,
    link: { ...group.link, rttMs: constant(30) },
    syncPolicy: { kind: 'fixed', intervalMs: 20_000 },
  })),
  collectionGroups: spec.collectionGroups.map((group) => ({ ...group, perUser: 1 })),
  server: {
    ...spec.server,
    serviceMs: { ...spec.server.serviceMs, 'sync-token': constant(5), 'sync-collection': constant(9) },
  },
}));

/** The order of events decides on the last digits of sums, and on nothing else. */
function expectSameButForRounding(given: RunRecord, wanted: RunRecord): void {
  const numbersOf = (record: RunRecord) => {
    const numbers: number[] = [];
    const rest = JSON.stringify({ ...record, mode: undefined }, (_, value: unknown) => {
      if (typeof value !== 'number') return value;
      numbers.push(value);
      return 0;
    });
    return { numbers, rest };
  };
  const one = numbersOf(given);
  const other = numbersOf(wanted);
  expect(one.rest).toBe(other.rest);
  const far = one.numbers.filter((number, index) => {
    const wanted = other.numbers[index] ?? NaN;
    return number !== wanted && !(Math.abs(number - wanted) <= 1e-10 * Math.abs(wanted));
  });
  expect(far).toEqual([]);
}

const withWorkers = (spec: RunSpec, workers: number): RunSpec => ({
  ...spec,
  server: { ...spec.server, workers },
});

describe('mode exact-sliced', () => {
  test.prop([steadySpecs, fc.constantFrom(1, 2, 1000)], { numRuns: 100 })(
    'yields the record of exact, waits for the server included',
    (drawn: RunSpec, workers) => {
      const spec = withWorkers(drawn, workers);
      const sliced = simulate(spec, { mode: 'exact-sliced' });
      expect(sliced.mode).toBe('exact-sliced');
      expect({ ...sliced, mode: 'exact' }).toEqual(simulate(spec));
    },
  );

  it('keeps two groups with periods of their own in order', () => {
    const spec = plainSpec({
      users: 60,
      durationMs: 3 * 3_600_000,
      deviceGroups: [
        plainDevices({ syncPolicy: { kind: 'fixed', intervalMs: 20_000 } }),
        plainDevices({ name: 'laptop', syncPolicy: { kind: 'fixed', intervalMs: 33_000 } }),
        plainDevices({ name: 'tablet', syncPolicy: { kind: 'jittered', intervalMs: 50_000, jitter: 0.2 } }),
      ],
      server: {
        ...plainSpec().server,
        serviceMs: { ...plainSpec().server.serviceMs, 'sync-token': constant(60), put: constant(500) },
      },
    });
    expect({ ...simulate(spec, { mode: 'exact-sliced' }), mode: 'exact' }).toEqual(simulate(spec));
  });
});

describe('mode exact-elided', () => {
  test.prop([specs], { numRuns: 100 })('yields the record of exact where none waits', (spec: RunSpec) => {
    const elided = simulate(spec, { mode: 'exact-elided' });
    expect(elided.mode).toBe('exact-elided');
    expect({ ...elided, mode: 'exact' }).toEqual(simulate(spec));
  });

  test.prop([specs, fc.constantFrom(0, 3.5)], { numRuns: 100 })(
    'may run parts of the fleet that share nothing one after the other',
    (drawn: RunSpec, perItem) => {
      const listing = { up: 500, upPerItem: perItem, down: 500, downPerItem: 100 };
      const { wire } = drawn;
      const spec = {
        ...drawn,
        wire: { ...wire, requests: { ...wire.requests, multiget: listing, 'sync-collection': listing } },
      };
      const apart = simulate(spec, { mode: 'exact-elided', apartFrom: 4 });
      expect(apart.mode).toBe('exact-elided');
      expectSameButForRounding(apart, simulate(spec));
    },
  );

  test.prop([specs, fc.nat()], { numRuns: 30 })(
    'yields the same bytes wherever which blocks of the fleet are run',
    (spec: RunSpec, place) => {
      const apartFrom = 2;
      const { mode, blocks } = planRun(spec, { mode: 'auto', apartFrom });
      expect(mode).toBe('exact-elided');
      // Not where all users hang together.
      fc.pre(blocks > 1);
      const middle = 1 + (place % (blocks - 1));
      const later = simulateBlocks(spec, middle, blocks, { apartFrom });
      const divided = mergeBlocks([...simulateBlocks(spec, 0, middle, { apartFrom }), ...later]);
      expect(JSON.stringify(divided)).toBe(JSON.stringify(simulate(spec, { mode, apartFrom })));
    },
  );

  it('runs blocks of a fleet whose devices begin, live and write each in a way of their own', () => {
    const base = plainSpec();
    const spec = plainSpec({
      users: 90,
      durationMs: 86_400_000,
      timeZones: [
        { offsetHours: 0, weight: 1 },
        { offsetHours: 9, weight: 1 },
      ],
      deviceGroups: [
        plainDevices({
          perUser: 1.5,
          link: { ...plainDevices().link, rttMs: { kind: 'lognormal', median: 60, p95: 200 } },
          syncPolicy: { kind: 'jittered', intervalMs: 1_200_000, jitter: 0.2 },
          starts: { fromMs: 60_000, overMs: 3_600_000 },
        }),
        plainDevices({ name: 'laptop', perUser: 0.5 }),
      ],
      collectionGroups: [
        plainCollections({ name: 'own', members: 1, writes: { edit: 2, create: 1, delete: 1, move: 0 } }),
        plainCollections({
          name: 'team',
          members: 3,
          perUser: 0.5,
          writer: 'external',
          changes: {
            kind: 'daily',
            perDay: 30,
            hours: Array.from({ length: 24 }, (_, hour) => (hour < 8 ? 1 : 5)),
          },
        }),
      ],
      server: {
        ...base.server,
        workers: 1000,
        serviceMs: { ...base.server.serviceMs, 'sync-token': { kind: 'exponential', mean: 3 } },
      },
    });
    expect(planRun(spec, { mode: 'exact-elided', apartFrom: 8 }).blocks).toBeGreaterThan(5);
    const divided = simulate(spec, { mode: 'exact-elided', apartFrom: 8 });
    expect(divided.ledger.expected).toBeGreaterThan(100);
    expectSameButForRounding(divided, simulate(spec));
  });

  it('cannot take apart what all share, and yields the record of exact all the same', () => {
    const spec = plainSpec({
      users: 300,
      durationMs: 3_600_000,
      collectionGroups: [
        plainCollections({ members: 300, writer: 'device', changes: { kind: 'poisson', perDay: 200 } }),
      ],
      server: { ...plainSpec().server, workers: 100 },
    });
    const elided = simulate(spec, { mode: 'exact-elided', apartFrom: 0 });
    expectSameButForRounding(elided, simulate(spec));
  });

  it('takes fleets apart by itself when they are large, with the record of exact', () => {
    const spec = plainSpec({
      users: 70_000,
      durationMs: 2 * 3_600_000,
      deviceGroups: [plainDevices({ perUser: 2 })],
      collectionGroups: [plainCollections({ members: 2, writer: 'device' })],
      server: { ...plainSpec().server, workers: 100 },
    });
    expectSameButForRounding(simulate(spec, { mode: 'exact-elided' }), simulate(spec));
  });

  it.each<[string, Partial<RunSpec>]>([
    [
      'no device group makes contacts that follow from the device alone',
      { deviceGroups: [plainDevices({ syncPolicy: { kind: 'aligned', intervalMs: 900_000, spreadMs: 0 } })] },
    ],
    [
      'contacts follow what the server announces',
      {
        server: {
          ...plainSpec().server,
          pacing: { overMs: 60_000, smooth: false, steps: [{ load: 0, intervalMs: 60_000 }] },
        },
      },
    ],
    [
      'the server would be busy',
      {
        users: 100_000,
        server: {
          ...plainSpec().server,
          serviceMs: { ...plainSpec().server.serviceMs, 'sync-token': constant(8) },
        },
      },
    ],
  ])('is refused when %s', (reason, changes) => {
    const spec = plainSpec(changes);
    expect(whyNot(spec, 'exact-elided')).toContain(reason);
    expect(() => simulate(spec, { mode: 'exact-elided' })).toThrow(reason);
  });

  it.each<[string, Partial<RunSpec>]>([
    [
      'no device group polls on a steady schedule',
      {
        deviceGroups: [plainDevices({ syncPolicy: { kind: 'jittered', intervalMs: 900_000, jitter: 0.1 } })],
      },
    ],
    [
      'round-trip times are drawn',
      {
        deviceGroups: [
          plainDevices({ link: { ...plainDevices().link, rttMs: { kind: 'exponential', mean: 50 } } }),
        ],
      },
    ],
    [
      'service times are drawn',
      {
        server: {
          ...plainSpec().server,
          serviceMs: { ...plainSpec().server.serviceMs, 'sync-token': { kind: 'exponential', mean: 5 } },
        },
      },
    ],
    [
      'devices are out of reach at times',
      { deviceGroups: [plainDevices({ connectivity: { hours: { from: 8, to: 20 } } })] },
    ],
    ['every device asks about several collections', { collectionGroups: [plainCollections({ perUser: 2 })] }],
  ])('leaves slices impossible when %s', (reason, changes) => {
    expect(whyNot(plainSpec(changes), 'exact-sliced')).toContain(reason);
  });

  it('is allowed on a busy server with so many workers that few wait', () => {
    const serviceMs = { ...plainSpec().server.serviceMs, 'sync-token': constant(8) };
    const spec = plainSpec({ users: 4_000_000, server: { ...plainSpec().server, workers: 64, serviceMs } });
    expect(whyNot(spec, 'exact-elided')).toBeUndefined();
    const fewer = { ...spec, server: { ...spec.server, workers: 40 } };
    expect(whyNot(fewer, 'exact-elided')).toContain('of the requests would wait');
  });

  it('is what auto takes, or slices for a busy server, or neither', () => {
    const mode = (changes: Partial<RunSpec>) => simulate(plainSpec(changes), { mode: 'auto' }).mode;
    const busy = { ...plainSpec().server.serviceMs, 'sync-token': constant(6000) };
    expect(mode({})).toBe('exact-elided');
    expect(mode({ server: { ...plainSpec().server, serviceMs: busy } })).toBe('exact-sliced');
    const aligned = plainDevices({ syncPolicy: { kind: 'aligned', intervalMs: 900_000, spreadMs: 0 } });
    expect(mode({ deviceGroups: [aligned] })).toBe('exact');
  });
});
