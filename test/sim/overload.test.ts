import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { simulate, type RunSpec, type ServerSpec } from '../../sim/index.ts';
import { constant, plainClient, plainCollections, plainDevices, plainSpec } from './plain-spec.ts';

const hourMs = 3_600_000;

/** All requests take `ms`. */
const serverOf = (ms: number, changes: Partial<ServerSpec> = {}): ServerSpec => ({
  name: 'busy',
  workers: 1,
  serviceMs: {
    'sync-token': constant(ms),
    'sync-collection': constant(ms),
    multiget: constant(ms),
    put: constant(ms),
    delete: constant(ms),
    register: constant(ms),
    home: constant(ms),
    list: constant(ms),
  },
  pushMs: constant(0),
  ...changes,
});

const link = { name: 'direct', rttMs: constant(0), mbpsUp: 1e9, mbpsDown: 1e9 };
const radio = { ...plainDevices().radio, promotion: { ms: 0, watts: 0 } };
const quiet = plainCollections({ changes: { kind: 'trace', atMs: [] } });
const retries = {
  most: 100,
  firstMs: 1000,
  factor: 2,
  maxMs: 60_000,
  jitter: 0,
  obeysRetryAfter: false,
};

/** `users` devices that all ask at the full hour, on a link that takes no time. */
const herd = (users: number, changes: Partial<RunSpec>, client = {}): RunSpec =>
  plainSpec({
    users,
    durationMs: hourMs * 1.5,
    deviceGroups: [
      plainDevices({
        radio,
        link,
        client: { ...plainClient, ...client },
        syncPolicy: { kind: 'aligned', intervalMs: hourMs, spreadMs: 0 },
      }),
    ],
    collectionGroups: [quiet],
    ...changes,
  });

const failuresOf = (spec: RunSpec) => {
  const { failures } = simulate(spec);
  if (failures === undefined) throw new RangeError('no failures counted');
  return failures;
};

describe('a bounded queue', () => {
  it('refuses who finds it full, and those only', () => {
    const accept = { queue: 30, retryAfterMs: 1000, refuseMs: 0, bytes: 180 };
    // One herd at 0:00 and one at 1:00, of 100 each: one is served at once, 30 wait, the others are refused.
    const failures = failuresOf(herd(100, { server: serverOf(10, { accept }) }));
    expect(failures.refused).toBe(2 * 69);
    expect(failures.abandoned).toBe(2 * 69);
  });

  it('brings those who obey Retry-After back all at once, unless they spread', () => {
    const accept = { queue: 30, retryAfterMs: 60_000, refuseMs: 0, bytes: 180 };
    const refusedWith = (jitter: number) =>
      failuresOf(
        herd(
          100,
          { server: serverOf(10, { accept }) },
          { retries: { ...retries, jitter, obeysRetryAfter: true } },
        ),
      ).refused;
    // 100 → 69 refused → 38 → 7 → 0.
    expect(refusedWith(0)).toBe(2 * (69 + 38 + 7));
    expect(refusedWith(1)).toBe(2 * 69);
  });
});

describe('a contact in part refused', () => {
  it('fetches again what it did not get', () => {
    const accept = { queue: 0, retryAfterMs: 1000, refuseMs: 0, bytes: 180 };
    const atMs = [1, 2, 3, 4, 5, 6].map((second) => second * 1000);
    const { requests, failures, bytes } = simulate(
      herd(
        1,
        {
          server: serverOf(10, { accept }),
          collectionGroups: [plainCollections({ objects: 1000, changes: { kind: 'trace', atMs: [atMs] } })],
        },
        { multigetBatch: 2, concurrency: 3, retries: { ...retries, factor: 1 } },
      ),
    );
    // Of three at once one is taken; of two a second later one; the last one another second later.
    expect(failures?.refused).toBe(3);
    expect(requests.multiget).toBe(3);
    expect(bytes.find(({ cause }) => cause === 'fetch')?.down).toBe(3 * 500 + 6 * (100 + 1000) + 3 * 180);
  });
});

describe('a client that waits for so long', () => {
  it('gives up on what comes later, though the server did the work', () => {
    const { requests, failures, server } = simulate(herd(100, { server: serverOf(10) }, { timeoutMs: 500 }));
    // The n-th is done after 10 n ms: those up to 500 ms are in time.
    expect(failures?.timedOut).toBe(2 * 50);
    expect(requests['sync-token']).toBe(200);
    expect(server.busyMs).toBe(2000);
  });
});

describe('a restart', () => {
  it('breaks what is under way and turns away who comes, until it is over', () => {
    const restarts = [{ atMs: 305, downMs: 10_000 }];
    const { failures, requests } = simulate(
      herd(100, { server: serverOf(10, { restarts }) }, { retries: { ...retries, factor: 1 } }),
    );
    // 30 are done by 305 ms, 70 are lost and try each second: nine tries from 1.305 s on find nobody.
    expect(failures?.broken).toBe(70);
    expect(failures?.unreachable).toBe(70 * 9);
    expect(failures?.retried).toBe(70 * 10);
    expect(requests['sync-token']).toBe(200);
  });

  it('leaves devices stale until they have an answer', () => {
    const { freshShare } = simulate(
      herd(1, {
        durationMs: 3 * hourMs,
        collectionGroups: [plainCollections({ changes: { kind: 'trace', atMs: [[hourMs / 2]] } })],
        server: serverOf(0, { restarts: [{ atMs: hourMs - 60_000, downMs: 120_000 }] }),
      }),
    );
    // From 0:30 to 2:00, as nobody was there at 1:00.
    expect(freshShare).toBeCloseTo(0.5, 6);
  });

  it('loses no write', () => {
    const { ledger, stateCheck, failures } = simulate(
      plainSpec({
        users: 40,
        durationMs: 6 * hourMs,
        deviceGroups: [plainDevices({ perUser: 2, syncPolicy: { kind: 'fixed', intervalMs: 1_800_000 } })],
        collectionGroups: [plainCollections({ changes: { kind: 'poisson', perDay: 200 } })],
        server: serverOf(5, { restarts: [{ atMs: hourMs, downMs: hourMs / 2 }] }),
      }),
    );
    expect(failures?.unreachable).toBeGreaterThan(40);
    expect(ledger.seen).toBe(ledger.expected);
    expect(stateCheck.different).toBe(0);
  });

  it('breaks the push connections that end there, which come back', () => {
    const { failures, ledger } = simulate(
      plainSpec({
        users: 50,
        durationMs: 6 * hourMs,
        deviceGroups: [
          plainDevices({
            perUser: 2,
            syncPolicy: {
              kind: 'hybrid',
              safetyIntervalMs: 864e5,
              spreadMs: 0,
              skipKnown: 0,
              wholeAccount: 1,
            },
          }),
        ],
        pushPolicy: { kind: 'immediate', ttlSeconds: 86_400, topic: 0, selfEcho: 0 },
        collectionGroups: [plainCollections({ changes: { kind: 'poisson', perDay: 50 } })],
        server: serverOf(1, {
          restarts: [{ atMs: hourMs, downMs: 60_000 }],
          pushConnections: { reconnectMs: constant(1) },
        }),
      }),
    );
    expect(failures?.reconnects).toBe(100);
    expect(ledger.seen).toBe(ledger.expected);
  });
});

describe('pacing', () => {
  const paced = (steps: { load: number; intervalMs: number }[]) =>
    simulate(
      plainSpec({
        users: 100,
        durationMs: 6 * hourMs,
        warmUpMs: hourMs,
        deviceGroups: [
          plainDevices({
            syncPolicy: {
              kind: 'server-paced',
              intervalMs: 60_000,
              minIntervalMs: 1,
              maxIntervalMs: 864e5,
              jitter: 0,
              retrySpread: 0,
            },
          }),
        ],
        collectionGroups: [quiet],
        server: serverOf(10, { pacing: { overMs: 60_000, smooth: false, steps } }),
      }),
    );

  it('is the interval that clients keep', () => {
    const { requests } = paced([{ load: 0, intervalMs: 600_000 }]);
    expect(requests['sync-token']).toBe(100 * 36);
  });

  it('lengthens under load', () => {
    // 100 devices each minute at 10 ms are a load of 1/60.
    const { requests } = paced([
      { load: 0, intervalMs: 60_000 },
      { load: 1 / 100, intervalMs: 600_000 },
    ]);
    expect(requests['sync-token']).toBeLessThan(100 * 360 * 0.6);
    expect(requests['sync-token']).toBeGreaterThan(100 * 36);
  });
});

describe('a request that waits', () => {
  it('is answered with the state at the time the server begins with it', () => {
    // A hundred ask at 1:00 and are served one a second; the change comes while the last half of them waits.
    const { staleness } = simulate(
      herd(100, {
        server: serverOf(1000),
        collectionGroups: [
          plainCollections({
            members: 100,
            writer: 'external',
            changes: { kind: 'trace', atMs: [[hourMs + 49_500]] },
          }),
        ],
        durationMs: 3 * hourMs,
      }),
    );
    // 50 were begun before it and learn at 2:00; the others learn at once, fetching behind those who asked first.
    const late = staleness.normal.buckets.reduce((sum, [, count]) => sum + count, 0);
    expect(late).toBe(100);
    expect(staleness.normal.min).toBeLessThan(120_000);
    expect(simulate(herd(1, {})).stateCheck.different).toBe(0);
  });
});

const anyOverload = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  users: fc.integer({ min: 1, max: 60 }),
  intervalMs: fc.constantFrom(30_000, 300_000, 1_800_000),
  serviceMs: fc.constantFrom(1, 40, 400),
  workers: fc.integer({ min: 1, max: 3 }),
  queue: fc.constantFrom(undefined, 0, 3, 50),
  restarts: fc.constantFrom(undefined, [{ atMs: 1_000_000, downMs: 60_000 }]),
  paced: fc.boolean(),
  timeoutMs: fc.constantFrom(undefined, 300, 5000),
  most: fc.constantFrom(undefined, 0, 2, 10),
  obeysRetryAfter: fc.boolean(),
  concurrency: fc.constantFrom(1, 3),
  check: fc.constantFrom('none' as const, 'sync-token' as const, 'home' as const),
  writer: fc.constantFrom('device' as const, 'external' as const),
  pushed: fc.boolean(),
});

describe('any overload', () => {
  test.prop([anyOverload], { numRuns: 150 })('adds up, ends, and is the same twice', (drawn) => {
    const server = serverOf(drawn.serviceMs, {
      workers: drawn.workers,
      ...(drawn.queue !== undefined && {
        accept: { queue: drawn.queue, retryAfterMs: 20_000, refuseMs: 0.5, bytes: 180 },
      }),
      ...(drawn.restarts && { restarts: drawn.restarts, pushConnections: { reconnectMs: constant(3) } }),
      ...(drawn.paced && {
        pacing: {
          overMs: 60_000,
          smooth: true,
          steps: [
            { load: 0.1, intervalMs: 60_000 },
            { load: 1, intervalMs: 600_000 },
          ],
        },
      }),
    });
    const client = {
      ...plainClient,
      check: drawn.check,
      multigetBatch: 2,
      concurrency: drawn.concurrency,
      ...(drawn.timeoutMs !== undefined && { timeoutMs: drawn.timeoutMs }),
      ...(drawn.most !== undefined && {
        retries: { ...retries, most: drawn.most, jitter: 0.5, obeysRetryAfter: drawn.obeysRetryAfter },
      }),
    };
    const spec = plainSpec({
      seed: drawn.seed,
      users: drawn.users,
      durationMs: hourMs,
      deviceGroups: [
        plainDevices({
          perUser: 2,
          client,
          syncPolicy: drawn.pushed
            ? {
                kind: 'hybrid',
                safetyIntervalMs: drawn.intervalMs,
                spreadMs: 0,
                skipKnown: 0,
                wholeAccount: 1,
              }
            : { kind: 'fixed', intervalMs: drawn.intervalMs },
        }),
      ],
      collectionGroups: [
        plainCollections({ perUser: 2, writer: drawn.writer, changes: { kind: 'poisson', perDay: 100 } }),
      ],
      pushPolicy: drawn.pushed
        ? { kind: 'immediate', ttlSeconds: 86_400, topic: 0, selfEcho: 0 }
        : { kind: 'off' },
      server,
    });
    const record = simulate(spec);
    expect(record).toEqual(simulate(spec));
    expect(record.ledger.expected).toBe(record.ledger.seen + record.ledger.lost);
    // Polls go on until they are answered: where the server can keep up, everything is brought in the end.
    const keepsUp = drawn.serviceMs <= 40 && drawn.timeoutMs !== 300 && drawn.queue !== 0;
    if (keepsUp) expect(record.stateCheck.different).toBe(0);
    const { failures } = record;
    if (failures === undefined) return;
    const bins = failures.series.reduce((sum, count) => sum + count, 0);
    expect(bins).toBe(failures.refused + failures.unreachable + failures.broken + failures.timedOut);
  });
});
