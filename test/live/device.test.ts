import { expect, it } from 'vitest';
import { basicCredentials, Connection, emptyReplica } from '../../src/client/index.ts';
import { Agenda } from '../../src/live/agenda.ts';
import { LiveDevice } from '../../src/live/device.ts';
import { slowServer } from './proxy.ts';
import { specOf } from './spec.ts';

/** A device that asks only when it is told to, on a clock that `start` sets going. */
function deviceAt(url: string, onContact: (contacts: number) => void, onFailure: (error: unknown) => void) {
  const [group] = specOf({ syncPolicy: { kind: 'on-push', spreadMs: 0 } }).deviceGroups;
  if (group === undefined) throw new RangeError('the spec has no device group');
  let startedAt = NaN;
  const now = (): number => performance.now() - startedAt;
  const agenda = new Agenda(now);
  let contacts = 0;
  const connection = new Connection({
    origin: new URL(url).origin,
    keepAliveMs: 5000,
    timeoutMs: 5000,
    verifyCertificate: false,
  });
  const subscription = {
    collection: 0,
    replica: emptyReplica('/calendars/user0/calendar/', 'calendar'),
    credentials: basicCredentials('user0', 'password0'),
    written: new Map(),
  };
  const device = new LiveDevice(0, group, connection, [subscription], {
    seed: 1,
    now,
    at: (atMs, action) => agenda.at(atMs, action),
    onExchange: () => {},
    onContact: () => {
      contacts += 1;
      onContact(contacts);
    },
    onLag: () => {},
    onSynced: () => 0,
    onFailure: (_, error) => onFailure(error),
  });
  const start = (): void => {
    startedAt = performance.now();
    device.begin();
  };
  return { device, connection, start };
}

it('answers pushes that come during a contact by one more contact, however many they are', async () => {
  const asked = Promise.withResolvers<undefined>();
  await using server = await slowServer(() => {
    asked.resolve(undefined);
    return 50;
  });
  const second = Promise.withResolvers<undefined>();
  let made = 0;
  const { device, connection, start } = deviceAt(
    server.url,
    (contacts) => {
      made = contacts;
      if (contacts === 2) second.resolve(undefined);
    },
    second.reject,
  );
  start();
  device.pushed(undefined);
  await asked.promise;
  device.pushed(undefined);
  device.pushed(undefined);
  await second.promise;
  await device.stop();
  await connection.close();
  expect(made).toBe(2);
  expect(device.scheduledAt).toBe(Infinity);
});

it('answers pushes that were kept for it once it begins', async () => {
  await using server = await slowServer(() => 1);
  const first = Promise.withResolvers<undefined>();
  const { device, connection, start } = deviceAt(server.url, () => first.resolve(undefined), first.reject);
  device.pushed(undefined);
  start();
  await first.promise;
  await device.stop();
  await connection.close();
});
