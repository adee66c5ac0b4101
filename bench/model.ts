/**
 * The whole model: a fleet that polls every 15 minutes, two devices a user with a calendar in common, requests
 * over TLS on LTE, a server with one worker for 62,500 devices, 16 at least. `npm run bench:model` prints a table, `-- --json` JSON lines.
 *
 * Contacts by closed forms are not made: theirs is the time of the record and of the samples that its error is measured on.
 *
 * How many of the contacts bring news decides what the shortcuts save: a million devices are also run with fewer and more
 * empty contacts than the 99.5 % of one change a user and day. `--case DEVICES MODE EMPTY` runs one case.
 *
 * Bytes are what the resident memory of the process has grown by at its peak since before the run, over the devices: set-up,
 * queue, changes, compiled code and garbage of a day are all in it, what Node takes with the source loaded is not.
 */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { simulate, type Distribution, type RunSpec, type SimulationMode } from '../sim/index.ts';
import { createPrinter, inOwnProcess, measure, peakBytes, type Measurement } from './measure.ts';

const modes = ['exact', 'exact-sliced', 'exact-elided', 'expected'] as const;

const constant = (value: number): Distribution => ({ kind: 'constant', value });
const cost = (up: number, down: number) => ({ up, upPerItem: 50, down, downPerItem: 200 });

const intervalMs = 900_000;
const dayMs = 86_400_000;
/** Of one change a user and day, which is news to one of two devices. */
const usualEmpty = Math.exp(-intervalMs / dayMs / 2);
/** Shares of contacts that bring no news. */
const emptiness = [0.9, 0.95, 0.99, 0.999];

/** 96 contacts a device and day, of which a share `empty` brings no news: each change of a calendar is news to one of two devices. */
function fleetOf(devices: number, durationMs: number, empty: number): RunSpec {
  const perDay = (-2 * Math.log(empty) * dayMs) / intervalMs;
  return {
    scenario: 'bench',
    label: 'poll 15 min',
    seed: 1,
    durationMs,
    warmUpMs: 0,
    users: devices / 2,
    deviceGroups: [
      {
        name: 'phone',
        class: 'phone',
        perUser: 2,
        radio: {
          name: 'LTE',
          promotion: { ms: 260, watts: 1.21 },
          active: { watts: 1.2, wattsPerMbpsUp: 0.438, wattsPerMbpsDown: 0.052 },
          tail: [
            { name: 'inactivity', ms: 100, watts: 1.06 },
            { name: 'short DRX', ms: 20, watts: 1.122 },
            { name: 'long DRX', ms: 10_000, watts: 1.091 },
          ],
          idleWatts: 0.02,
          pagingMs: { kind: 'uniform', min: 0, max: 1280 },
        },
        link: { name: 'LTE', rttMs: constant(60), mbpsUp: 5, mbpsDown: 20 },
        client: { name: 'plain', check: 'sync-token', multigetBatch: 10 },
        syncPolicy: { kind: 'fixed', intervalMs },
      },
    ],
    collectionGroups: [
      {
        name: 'personal',
        kind: 'calendar',
        members: 1,
        perUser: 1,
        objects: 100,
        changes: { kind: 'poisson', perDay },
        objectBytes: constant(1100),
        importance: { high: 1, normal: 8, low: 1 },
        writer: 'device',
      },
    ],
    pushPolicy: { kind: 'off' },
    pushService: { name: 'none', delayMs: constant(0), loss: 0, keepAliveMs: 0 },
    transport: { http: '1.1', tls: true, keepAliveMs: 15_000 },
    wire: {
      name: 'bench',
      connect: { up: 453, down: 2524 },
      requests: {
        'sync-token': cost(566, 868),
        'sync-collection': cost(600, 700),
        multiget: cost(600, 500),
        put: cost(500, 300),
        delete: cost(400, 200),
        register: cost(1200, 600),
        home: cost(700, 600),
        list: cost(560, 400),
      },
      pushToDevice: { up: 30, down: 600 },
      pushToService: { up: 900, down: 200 },
      keepAlive: { up: 62, down: 62 },
    },
    server: {
      name: 'bench',
      workers: Math.max(16, Math.ceil(devices / 62_500)),
      serviceMs: {
        'sync-token': constant(0.5),
        'sync-collection': constant(1),
        multiget: constant(2),
        put: constant(2),
        delete: constant(1),
        register: constant(1),
        home: constant(1),
        list: constant(1),
      },
      pushMs: constant(0.4),
    },
  };
}

/** What the workers of `davpulse run` have too. */
const asWorker = ['--max-semi-space-size=4', '--no-parallel-scavenge', '--heap-growing-percent=25'];

/** Simulated time that keeps a case in bounds: a day for up to a million devices, an hour beyond. */
const durationFor = (devices: number): number => (devices > 1e6 ? 3_600_000 : dayMs);

function fleetCase(devices: number, mode: SimulationMode, empty: number): Measurement {
  const before = process.memoryUsage().rss;
  let events = 0;
  let emptyShare = 0;
  const { cpuNs } = measure(() => {
    const { groups } = simulate(fleetOf(devices, durationFor(devices), empty), { mode });
    events = groups.reduce((sum, { contacts }) => sum + contacts, 0);
    emptyShare = groups.reduce((sum, { emptyContacts }) => sum + emptyContacts, 0) / events;
  });
  return {
    bench: 'fleet',
    engine: 'davpulse',
    pending: devices,
    mode,
    emptyShare: Number(emptyShare.toFixed(4)),
    events,
    nsPerEvent: cpuNs / events,
    bytesPerEntity: (peakBytes() - before) / devices,
  };
}

function main(): void {
  const [flag, size, wanted, empty] = process.argv.slice(2);
  if (flag === '--case') {
    const mode = modes.find((mode) => mode === wanted) ?? 'exact';
    process.stdout.write(
      JSON.stringify(fleetCase(Number(size), mode, empty === undefined ? usualEmpty : Number(empty))),
    );
    return;
  }
  const print = createPrinter();
  const file = fileURLToPath(import.meta.url);
  for (const devices of [1e4, 1e6, 1e7]) {
    for (const mode of modes) print(inOwnProcess(file, [String(devices), mode], asWorker));
  }
  for (const empty of emptiness) {
    for (const mode of modes) print(inOwnProcess(file, ['1000000', mode, String(empty)], asWorker));
  }
}

main();
