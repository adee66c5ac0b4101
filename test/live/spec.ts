import type { ClientProfile, Distribution, RunSpec, SyncPolicySpec } from '../../sim/index.ts';

const constant = (value: number): Distribution => ({ kind: 'constant', value });
const noBytes = { up: 0, down: 0 };
const noCost = { up: 0, upPerItem: 0, down: 0, downPerItem: 0 };

export interface SpecParts {
  readonly users: number;
  readonly devicesPerUser: number;
  readonly members: number;
  readonly objects: number;
  readonly changesPerSecond: number;
  readonly durationMs: number;
  readonly warmUpMs: number;
  readonly syncPolicy: SyncPolicySpec;
  readonly pushPolicy: RunSpec['pushPolicy'];
  readonly pushLoss: number;
  readonly client: ClientProfile;
  readonly kind: RunSpec['collectionGroups'][number]['kind'];
  readonly writer: 'device' | 'external';
  readonly tls: boolean;
  readonly seed: number;
}

const defaults: SpecParts = {
  users: 4,
  devicesPerUser: 2,
  members: 2,
  objects: 3,
  changesPerSecond: 1,
  durationMs: 2000,
  warmUpMs: 0,
  syncPolicy: { kind: 'fixed', intervalMs: 500 },
  pushPolicy: { kind: 'off' },
  pushLoss: 0,
  client: { name: 'plain', check: 'none', multigetBatch: 50 },
  kind: 'calendar',
  writer: 'device',
  tls: false,
  seed: 1,
};

/** A small run on loopback; what a test does not care about has a plain value. */
export function specOf(parts: Partial<SpecParts>): RunSpec {
  const p = { ...defaults, ...parts };
  return {
    scenario: 'test',
    label: 'test',
    seed: p.seed,
    durationMs: p.durationMs,
    warmUpMs: p.warmUpMs,
    users: p.users,
    deviceGroups: [
      {
        name: 'device',
        class: 'laptop',
        perUser: p.devicesPerUser,
        radio: {
          name: 'always on',
          promotion: { ms: 0, watts: 0 },
          active: { watts: 1, wattsPerMbpsUp: 0, wattsPerMbpsDown: 0 },
          tail: [{ name: 'tail', ms: 50, watts: 0.5 }],
          idleWatts: 0,
          pagingMs: constant(0),
        },
        link: { name: 'loopback', rttMs: constant(0.1), mbpsUp: 1e4, mbpsDown: 1e4 },
        client: p.client,
        syncPolicy: p.syncPolicy,
      },
    ],
    collectionGroups: [
      {
        name: 'shared',
        kind: p.kind,
        members: p.members,
        perUser: 1,
        objects: p.objects,
        changes: { kind: 'poisson', perDay: p.changesPerSecond * 86_400 },
        objectBytes: constant(600),
        importance: { high: 1, normal: 1, low: 1 },
        writer: p.writer,
      },
    ],
    pushPolicy: p.pushPolicy,
    pushService: { name: 'test', delayMs: constant(0), loss: p.pushLoss, keepAliveMs: 0 },
    transport: { http: '1.1', tls: p.tls, keepAliveMs: 60_000 },
    wire: {
      name: 'none',
      connect: noBytes,
      requests: {
        'sync-token': noCost,
        'sync-collection': noCost,
        multiget: noCost,
        put: noCost,
        delete: noCost,
        register: noCost,
      },
      pushToDevice: noBytes,
      pushToService: noBytes,
      keepAlive: noBytes,
    },
    server: {
      name: 'none',
      workers: 1,
      serviceMs: {
        'sync-token': constant(0),
        'sync-collection': constant(0),
        multiget: constant(0),
        put: constant(0),
        delete: constant(0),
        register: constant(0),
      },
      pushMs: constant(0),
    },
  };
}
