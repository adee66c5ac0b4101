import { Histogram, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { resultSchema, type ResultFile } from '../../src/results/index.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const constant = (value: number) => ({ kind: 'constant', value }) as const;
const cost = { up: 300, upPerItem: 50, down: 450, downPerItem: 200 };
const costs = {
  'sync-token': cost,
  'sync-collection': cost,
  multiget: cost,
  put: cost,
  delete: cost,
  register: cost,
};
const times = {
  'sync-token': constant(1),
  'sync-collection': constant(1),
  multiget: constant(2),
  put: constant(2),
  delete: constant(2),
  register: constant(1),
};

export interface FixturePolicy {
  readonly label: string;
  readonly intervalMs: number;
  /** Undefined for polling. */
  readonly pushWindowMs?: number;
}

const specOf = (policy: FixturePolicy, seed: number, scenario: string): RunSpec => ({
  scenario,
  label: policy.label,
  seed,
  durationMs: dayMs,
  warmUpMs: 0,
  users: 1000,
  deviceGroups: [
    {
      name: 'phones',
      class: 'phone',
      perUser: 1,
      radio: {
        name: 'lte',
        promotion: { ms: 260, watts: 1.21 },
        active: { watts: 1.2, wattsPerMbpsUp: 0.43839, wattsPerMbpsDown: 0.05197 },
        tail: [{ name: 'tail', ms: 10_220, watts: 1.08 }],
        idleWatts: 0.02,
        pagingMs: { kind: 'uniform', min: 0, max: 1280 },
      },
      link: { name: 'lte', rttMs: constant(70), mbpsUp: 6, mbpsDown: 13 },
      client: { name: 'plain', check: 'sync-token', multigetBatch: 10 },
      syncPolicy:
        policy.pushWindowMs === undefined
          ? { kind: 'fixed', intervalMs: policy.intervalMs }
          : { kind: 'hybrid', safetyIntervalMs: policy.intervalMs, spreadMs: 0 },
      batteryJ: 55_400,
    },
  ],
  collectionGroups: [
    {
      name: 'calendars',
      kind: 'calendar',
      members: 5,
      perUser: 3,
      objects: 100,
      changes: { kind: 'poisson', perDay: 10 },
      objectBytes: constant(1200),
      importance: { high: 1, normal: 6, low: 3 },
      writer: 'device',
    },
  ],
  pushPolicy:
    policy.pushWindowMs === undefined
      ? { kind: 'off' }
      : { kind: 'window', windowMs: policy.pushWindowMs, ttlSeconds: 86_400, topic: 1 },
  pushService: { name: 'plain', delayMs: constant(1000), loss: 0, keepAliveMs: 1_680_000 },
  transport: { http: '1.1', tls: true, keepAliveMs: 5000 },
  wire: {
    name: 'fixture',
    connect: { up: 500, down: 2600 },
    requests: costs,
    pushToDevice: { up: 40, down: 500 },
    pushToService: { up: 900, down: 200 },
    keepAlive: { up: 40, down: 40 },
  },
  server: { name: 'plain', workers: 2, serviceMs: times, pushMs: constant(0.5) },
});

const histogramOf = (count: number, at: (share: number) => number) => {
  const histogram = new Histogram();
  for (let i = 0; i < count; i += 1) histogram.add(at((i + 0.5) / count));
  return histogram.toData();
};

/** A made-up record with the shape of a real one: every figure follows from the policy and a little from the seed. */
export function fixtureRun(
  policy: FixturePolicy,
  seed: number,
  { scenario = 'first look', backend = 'sim' }: { scenario?: string; backend?: 'sim' | 'live' } = {},
): RunRecord {
  const wobble = 1 + 0.01 * Math.sin(seed * 7 + policy.intervalMs) + (backend === 'live' ? 0.03 : 0);
  const devices = 1000;
  const push = policy.pushWindowMs;
  const polls = (devices * dayMs) / policy.intervalMs;
  const contacts = wobble * (polls + (push === undefined ? 0 : 30 * devices));
  const staleness = (at: number) =>
    push === undefined ? at * policy.intervalMs : 900 + push * (0.3 + at) + 800 * at ** 6;
  const histogram = histogramOf(400, (share) => wobble * staleness(share));
  const binMs = 60_000;
  const bins = dayMs / binMs;
  const perBin = (2 * contacts) / bins;
  return {
    spec: specOf(policy, seed, scenario),
    backend,
    mode: backend === 'live' ? 'live' : 'exact',
    timeScale: 1,
    countedMs: dayMs,
    devices,
    groups: [
      {
        name: 'phones',
        devices,
        contacts,
        emptyContacts: contacts * (push === undefined ? 0.9 : 0.05),
        wakeUps: contacts,
        energyJ: {
          promotion: contacts * 0.3,
          active: contacts * 0.4,
          tail: contacts * 10.9,
          idle: devices * 1700,
        },
      },
    ],
    requests: {
      'sync-token': contacts,
      'sync-collection': contacts * 0.7,
      multiget: contacts * 0.3,
      put: 3000,
      delete: 100,
      register: push === undefined ? 0 : 3000,
    },
    bytes: [
      { cause: 'check', up: contacts * 400, down: contacts * 600 },
      { cause: 'fetch', up: 3e6, down: 4e7 },
      { cause: 'write', up: 4e6, down: 1e6 },
      { cause: 'push', up: push === undefined ? 0 : 2e6, down: push === undefined ? 0 : 2e7 },
      { cause: 'keep-alive', up: push === undefined ? 0 : 2e6, down: push === undefined ? 0 : 2e6 },
      { cause: 'connect', up: contacts * 500, down: contacts * 2600 },
      { cause: 'subscribe', up: push === undefined ? 0 : 2e6, down: push === undefined ? 0 : 1e6 },
    ],
    staleness: { high: histogram, normal: histogram, low: histogram },
    freshShare: Math.max(0.5, 1 - staleness(0.5) / dayMs),
    ledger: { changes: 3000, expected: 12_000, seen: 12_000, seenLate: 40, lost: 0 },
    push: {
      sent: push === undefined ? 0 : 9000,
      merged: push === undefined ? 0 : 900,
      delivered: push === undefined ? 0 : 9000,
      dropped: 0,
      failed: 0,
    },
    server: {
      requests: 2 * contacts,
      peakPerSecond: Math.ceil(5 + (4 * contacts) / 86_400),
      busyMs: contacts * 2,
      responseMs: histogramOf(100, (share) => 1 + 5 * share),
      series: {
        binMs,
        requests: Array.from({ length: bins }, (_, bin) => perBin * (1 + 0.3 * Math.sin(bin / 230))),
        pushes: Array.from({ length: bins }, () => (push === undefined ? 0 : 6)),
      },
    },
    stateCheck: { compared: devices * 3, different: 0 },
  };
}

const minute = 60_000;
export const fixturePolicies: readonly FixturePolicy[] = [
  ...[1, 5, 15, 60, 240].map((minutes) => ({ label: `poll ${minutes} min`, intervalMs: minutes * minute })),
  { label: 'push, not merged', intervalMs: 240 * minute, pushWindowMs: 0 },
  { label: 'push, 3 s window', intervalMs: 240 * minute, pushWindowMs: 3000 },
  { label: 'push, 30 s window', intervalMs: 240 * minute, pushWindowMs: 30_000 },
];

/** A result as the first study makes it: eight policies simulated thrice, two of them live too. */
export const fixtureResult = (): ResultFile => ({
  schema: resultSchema,
  name: 'first-look',
  title: 'A first look at push against polling',
  question: 'What does push save a fleet of phones, and how much fresher is it?',
  made: {
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 90_000,
    davpulse: '0.1.0',
    command: 'davpulse run scenarios/first-look.yaml',
    node: 'v24.21.0',
    machine: { platform: 'linux-x64', cpu: 'a processor', cores: 2, memoryBytes: 2.4e10 },
    notes: { 'simulated contacts a second': 1_234_567 },
  },
  source: 'name: first-look\n',
  runs: [
    ...fixturePolicies.flatMap((policy) => [1, 2, 3].map((seed) => fixtureRun(policy, seed))),
    ...fixturePolicies
      .filter(({ label }) => label === 'poll 15 min' || label === 'push, 3 s window')
      .flatMap((policy) =>
        (['live', 'sim'] as const).map((backend) =>
          fixtureRun(policy, 1, { scenario: 'small fleet', backend }),
        ),
      ),
  ],
});
