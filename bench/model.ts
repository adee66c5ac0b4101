/**
 * The whole model: a fleet that polls every 15 minutes, two devices a user with a calendar in common, requests
 * over TLS on LTE, a server with one worker for 62,500 devices, 16 at least. `npm run bench:model` prints a table, `-- --json` JSON lines.
 */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { simulate, type Distribution, type RunSpec, type SimulationMode } from '../sim/index.ts';
import { createPrinter, inOwnProcess, measure, peakBytes, type Measurement } from './measure.ts';

const modes = ['exact', 'exact-sliced', 'exact-elided'] as const;

const constant = (value: number): Distribution => ({ kind: 'constant', value });
const cost = (up: number, down: number) => ({ up, upPerItem: 50, down, downPerItem: 200 });

/** About 96 contacts a device and day, of which 99 % find nothing. */
function fleetOf(devices: number, durationMs: number): RunSpec {
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
        syncPolicy: { kind: 'fixed', intervalMs: 900_000 },
      },
    ],
    collectionGroups: [
      {
        name: 'personal',
        kind: 'calendar',
        members: 1,
        perUser: 1,
        objects: 100,
        changes: { kind: 'poisson', perDay: 1 },
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

/** Simulated time that keeps a case in bounds: a day for up to a million devices, an hour beyond. */
const durationFor = (devices: number): number => (devices > 1e6 ? 3_600_000 : 86_400_000);

function fleetCase(devices: number, mode: SimulationMode): Measurement {
  const before = process.memoryUsage().rss;
  let events = 0;
  const { cpuNs } = measure(() => {
    const record = simulate(fleetOf(devices, durationFor(devices)), { mode });
    events = record.groups.reduce((sum, group) => sum + group.contacts, 0);
  });
  return {
    bench: 'fleet',
    engine: 'davpulse',
    pending: devices,
    mode,
    events,
    nsPerEvent: cpuNs / events,
    bytesPerEntity: (peakBytes() - before) / devices,
  };
}

function main(): void {
  const [flag, size, wanted] = process.argv.slice(2);
  if (flag === '--case') {
    const mode = modes.find((mode) => mode === wanted) ?? 'exact';
    process.stdout.write(JSON.stringify(fleetCase(Number(size), mode)));
    return;
  }
  const print = createPrinter();
  for (const devices of [1e4, 1e6, 1e7]) {
    for (const mode of modes) print(inOwnProcess(fileURLToPath(import.meta.url), [String(devices), mode]));
  }
}

main();
