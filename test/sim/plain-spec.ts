import type { ClientProfile, Distribution, RadioSpec, RunSpec } from '../../sim/index.ts';

export const constant = (value: number): Distribution => ({ kind: 'constant', value });

/** One tail of ten seconds, round numbers throughout. */
export const plainRadio: RadioSpec = {
  name: 'plain',
  promotion: { ms: 200, watts: 1.2 },
  active: { watts: 1.1, wattsPerMbpsUp: 0, wattsPerMbpsDown: 0 },
  tail: [{ name: 'tail', ms: 10_000, watts: 1 }],
  idleWatts: 0.02,
  pagingMs: constant(0),
};

export const plainClient: ClientProfile = { name: 'plain', check: 'sync-token', multigetBatch: 10 };

const request = { up: 500, upPerItem: 0, down: 500, downPerItem: 0 };
const listing = { up: 500, upPerItem: 50, down: 500, downPerItem: 100 };

/**
 * A hundred users with a device and a calendar of their own, on a network that takes no time and a server that
 * takes none: what closed forms assume. Override what a test is about.
 */
export function plainSpec(changes: Partial<RunSpec> = {}): RunSpec {
  return {
    scenario: 'plain',
    label: 'plain',
    seed: 1,
    durationMs: 86_400_000,
    warmUpMs: 0,
    users: 100,
    deviceGroups: [plainDevices()],
    collectionGroups: [plainCollections()],
    pushPolicy: { kind: 'off' },
    pushService: { name: 'ideal', delayMs: constant(0), loss: 0, keepAliveMs: 0 },
    transport: { http: '2', tls: true, keepAliveMs: 0 },
    wire: {
      name: 'plain',
      connect: { up: 500, down: 2500 },
      requests: {
        'sync-token': request,
        'sync-collection': listing,
        multiget: listing,
        put: request,
        delete: request,
        register: request,
        home: listing,
        list: listing,
      },
      pushToDevice: { up: 20, down: 300 },
      pushToService: { up: 700, down: 200 },
      keepAlive: { up: 40, down: 40 },
    },
    server: {
      name: 'free',
      workers: 1,
      serviceMs: {
        'sync-token': constant(0),
        'sync-collection': constant(0),
        multiget: constant(0),
        put: constant(0),
        delete: constant(0),
        register: constant(0),
        home: constant(0),
        list: constant(0),
      },
      pushMs: constant(0),
    },
    ...changes,
  };
}

export function plainDevices(
  changes: Partial<RunSpec['deviceGroups'][number]> = {},
): RunSpec['deviceGroups'][number] {
  return {
    name: 'phone',
    class: 'phone',
    perUser: 1,
    radio: plainRadio,
    link: { name: 'instant', rttMs: constant(0), mbpsUp: Infinity, mbpsDown: Infinity },
    client: plainClient,
    syncPolicy: { kind: 'fixed', intervalMs: 900_000 },
    ...changes,
  };
}

export function plainCollections(
  changes: Partial<RunSpec['collectionGroups'][number]> = {},
): RunSpec['collectionGroups'][number] {
  return {
    name: 'personal',
    kind: 'calendar',
    members: 1,
    perUser: 1,
    objects: 0,
    changes: { kind: 'poisson', perDay: 24 },
    objectBytes: constant(1000),
    importance: { high: 1, normal: 8, low: 1 },
    writer: 'external',
    ...changes,
  };
}
