import { changesOf, layoutFleet } from '../../sim/index.ts';
import { basicCredentials, Connection, emptyReplica } from '../../src/client/index.ts';
import { Agenda } from '../../src/live/agenda.ts';
import { LiveDevice } from '../../src/live/device.ts';
import { LiveLedger } from '../../src/live/ledger.ts';
import { Recorder } from '../../src/live/recorder.ts';
import { Retries } from '../../src/live/retries.ts';
import { specOf } from '../../test/live/spec.ts';

/**
 * `drive.ts ORIGIN DEVICES SECONDS PATH USER PASSWORD`: devices with full state, policy, ledger and radio that ask
 * without a pause. Prints one line of JSON.
 */
const [origin = '', devices = '50', seconds = '5', path = '/calendar/', user = 'u', password = 'p'] =
  process.argv.slice(2);
const durationMs = Number(seconds) * 1000;
const spec = specOf({
  users: Number(devices),
  devicesPerUser: 1,
  members: 1,
  objects: 1,
  changesPerSecond: 0,
  durationMs,
  syncPolicy: { kind: 'fixed', intervalMs: 1e-6 },
});
const layout = layoutFleet(spec);
const recorder = new Recorder(spec, layout);
const ledger = new LiveLedger(layout, changesOf(spec, layout), recorder.counted);
const startedAt = performance.now();
const now = (): number => performance.now() - startedAt;
const agenda = new Agenda(now);
const credentials = basicCredentials(user, password);
let failed = 0;
const retries = new Retries(
  now,
  (atMs, action) => agenda.at(atMs, action),
  () => {},
);

const fleet = Array.from({ length: layout.devices }, (_, index) => {
  const connection = new Connection({
    origin,
    keepAliveMs: 60_000,
    timeoutMs: 10_000,
    verifyCertificate: false,
  });
  const replica = { ...emptyReplica(path, 'calendar'), token: 'https://davpulse.example/sync/1' };
  const group = spec.deviceGroups[0];
  if (group === undefined) throw new RangeError('no group');
  return new LiveDevice(
    index,
    group,
    connection,
    [{ collection: index, replica, credentials, written: new Map() }],
    {
      seed: 1,
      now,
      at: (atMs, action) => agenda.at(atMs, action),
      onExchange: (device, exchange, intendedAt) => recorder.exchange(device, exchange, intendedAt),
      onContact: (device, contactAt, learned) => recorder.contact(device, contactAt, learned),
      onLag: () => {},
      onSynced: (device, _subscription, outcome, _startedAt, atMs) =>
        outcome.fetched.reduce((sum) => sum + ledger.seen(device, 0, atMs), 0),
      retries,
      onFailure: () => {
        failed += 1;
      },
    },
  );
});

const before = process.cpuUsage();
for (const device of fleet) device.begin();
setTimeout(async () => {
  const { user: userTime, system } = process.cpuUsage(before);
  const wallMs = now();
  agenda.end();
  await Promise.all(fleet.map((device) => device.stop()));
  await Promise.all(fleet.map((device) => device.connection.close()));
  const { requests } = recorder.server(0);
  process.stdout.write(
    `${JSON.stringify({ requests, failed, wallMs, cpuMs: (userTime + system) / 1000 })}\n`,
  );
}, durationMs);
