import { expect, it } from 'vitest';
import { basicCredentials, Connection, emptyReplica } from '../../src/client/index.ts';
import { Agenda } from '../../src/live/agenda.ts';
import { LiveDevice } from '../../src/live/device.ts';
import { slowServer } from './proxy.ts';
import { specOf } from './spec.ts';

it('answers pushes that come during a contact by one more contact, however many they are', async () => {
  const asked = Promise.withResolvers<undefined>();
  await using server = await slowServer(() => {
    asked.resolve(undefined);
    return 50;
  });
  const [group] = specOf({ syncPolicy: { kind: 'on-push', spreadMs: 0 } }).deviceGroups;
  if (group === undefined) throw new RangeError('the spec has no device group');
  const startedAt = performance.now();
  const now = (): number => performance.now() - startedAt;
  const agenda = new Agenda(now);
  const contacts: number[] = [];
  const second = Promise.withResolvers<undefined>();
  const connection = new Connection({
    origin: new URL(server.url).origin,
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
    onContact: (_, at) => {
      contacts.push(at);
      if (contacts.length === 2) second.resolve(undefined);
    },
    onLag: () => {},
    onSynced: () => 0,
    onFailure: (_, error) => second.reject(error),
  });
  device.begin();
  device.pushed(undefined);
  await asked.promise;
  device.pushed(undefined);
  device.pushed(undefined);
  await second.promise;
  await device.stop();
  await connection.close();
  expect(contacts).toHaveLength(2);
  expect(device.scheduledAt).toBe(Infinity);
});
