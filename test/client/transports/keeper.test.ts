import { describe, expect, it } from 'vitest';
import { discoverTransports } from '../../../src/client/index.ts';
import { until } from '../../push/dav-side.ts';
import { calendar, home, startWire, startWorld } from './world.ts';

const dayMs = 86_400_000;

it('finds all transports that the server advertises side by side', async () => {
  await using world = await startWorld();
  const offered = await discoverTransports(world.session, calendar, home);
  expect(offered).toMatchObject({
    webPush: { vapidKey: expect.stringMatching(/^[\w-]{87}$/) },
    stream: { path: '/push/stream' },
    apple: { subscriptionPath: '/push/apple', refreshMs: 2 * dayMs, bundleId: 'com.example.calendar' },
  });
  expect(offered.topic).toBeTruthy();
  expect(offered.apple?.pushKey).toMatch(/^\/CalDAV\//);
});

describe.each([
  ['web-push', { hasPushService: true }],
  ['stream', { mayHoldConnection: true }],
  ['apple', { isAppleDevice: true }],
] as const)('a device kept subscribed by %s', (name, environment) => {
  it('is told of changes, and of none after the end', async () => {
    await using world = await startWorld();
    const { keeper, changes, reports } = world.keeper(environment);
    await keeper.watch(calendar, home);
    expect(reports).toMatchObject([{ transport: name, cause: 'first', collection: calendar }]);
    await world.write();
    await until(() => changes.length === 1, 'the change');
    expect(changes).toEqual([calendar]);
    await keeper.close();
    await world.write();
    await until(() => world.engine().totals().pending === 0, 'an empty outbox');
    // Apple's protocol has no way to unsubscribe: there the device itself no longer listens.
    expect(world.engine().totals().sent).toBe(name === 'apple' ? 2 : 1);
    expect(changes).toHaveLength(1);
  });

  it('renews before the subscription ends', async () => {
    await using world = await startWorld();
    const { keeper, reports, reported } = world.keeper(environment);
    await keeper.watch(calendar, home);
    const first = reports[0]?.subscription;
    const lifetime = (first?.expiresAt ?? 0) - world.clock.now();
    world.clock.advance(lifetime * 0.5);
    world.clock.advance(lifetime * 0.2);
    await reported(2);
    expect(reports).toHaveLength(2);
    expect(reports[1]?.cause).toBe('due');
    expect(reports[1]?.subscription?.url).toBe(first?.url);
    expect(reports[1]?.subscription?.expiresAt).toBeGreaterThan((first?.expiresAt ?? 0) + lifetime * 0.6);
  });
});

describe('when the server changes its VAPID key', () => {
  it('subscribes anew with the new key and is told of changes again', async () => {
    await using world = await startWorld();
    const { keeper, changes, reports, reported } = world.keeper({ hasPushService: true });
    await keeper.watch(calendar, home);
    const oldKey = (await discoverTransports(world.session, calendar, home)).webPush?.vapidKey;
    expect(await world.engine().rotateKeys()).toBe(1);
    await reported(2);
    expect(reports[1]?.cause).toBe('key rotation');
    // The announcement may be heard before the new key stands: then the keeper looks again.
    world.clock.advance(5000);
    const first = reports[0]?.subscription?.url;
    await until(() => reports.at(-1)?.subscription?.url !== first, 'a registration of another push resource');
    expect((await discoverTransports(world.session, calendar, home)).webPush?.vapidKey).not.toBe(oldKey);
    await world.write();
    await until(() => changes.length === 1, 'the change');
    // The old registration is gone, so nothing is refused and nothing told twice.
    await until(() => world.engine().totals().pending === 0, 'an empty outbox');
    expect(world.engine().totals()).toMatchObject({ retried: 0, failed: 0 });
    expect(changes).toHaveLength(1);
  });
});

describe('when a transport fails', () => {
  it('falls back to the next, says why, and comes back when it works again', async () => {
    await using world = await startWorld();
    const { port } = world.pushService;
    const wire = await startWire(port);
    await wire.close();
    const environment = { hasPushService: true, mayHoldConnection: true };
    const { keeper, changes, reports, reported } = world.keeper(environment, `ws://127.0.0.1:${wire.port}/`);
    await keeper.watch(calendar, home);
    expect(reports[0]).toMatchObject({ transport: 'stream' });
    expect(reports[0]?.rejected[1]?.why).toMatch(/^it failed: the push service at .* does not answer/);
    await world.write();
    await until(() => changes.length === 1, 'the change by the stream');
    await using mended = await startWire(port, wire.port);
    expect(mended.port).toBe(wire.port);
    world.clock.advance(3_600_000);
    await reported(2);
    expect(reports[1]).toMatchObject({ transport: 'web-push', cause: 'due' });
    await world.write();
    await until(() => changes.length === 2, 'the change by the push service');
    expect(world.pushService.totals().accepted).toBe(1);
  });

  it('leaves a push service that fell silent', async () => {
    await using world = await startWorld();
    await using wire = await startWire(world.pushService.port);
    const environment = { hasPushService: true, mayHoldConnection: true };
    const { keeper, reports } = world.keeper(environment, `ws://127.0.0.1:${wire.port}/`);
    await keeper.watch(calendar, home);
    expect(reports[0]?.transport).toBe('web-push');
    wire.freeze();
    await world.engine().rotateKeys();
    world.clock.advance(5 * dayMs);
    await until(() => reports.at(-1)?.transport === 'stream', 'the fall back');
    expect(reports.at(-1)?.rejected[1]?.why).toBe('it failed: the push service does not answer');
  });

  it('falls back at once when the push service has gone for good, without being asked', async () => {
    await using world = await startWorld();
    const wire = await startWire(world.pushService.port);
    const environment = { hasPushService: true, mayHoldConnection: true };
    const { keeper, changes, reports } = world.keeper(environment, `ws://127.0.0.1:${wire.port}/`);
    await keeper.watch(calendar, home);
    expect(reports[0]?.transport).toBe('web-push');
    await wire.close();
    await until(() => reports.length === 2, 'the fall back');
    expect(reports[1]).toMatchObject({ transport: 'stream', cause: 'failure' });
    expect(reports[1]?.rejected[1]?.why).toBe('it failed: the push service cannot be reached again');
    await world.write();
    await until(() => changes.length === 1, 'the change by the stream');
  });

  it('survives a cut stream without losing a change', async () => {
    await using world = await startWorld();
    const { keeper, changes, reports } = world.keeper({ mayHoldConnection: true });
    await keeper.watch(calendar, home);
    world.wire.cut();
    await world.write();
    await until(() => changes.length > 0, 'the change after the break');
    expect(reports).toHaveLength(1);
  });

  it('polls when no stream can be had any more', async () => {
    await using world = await startWorld();
    const { keeper, reports, reported } = world.keeper({ mayHoldConnection: true });
    await keeper.watch(calendar, home);
    await world.wire.close();
    await reported(2);
    expect(reports[1]).toMatchObject({ transport: 'poll', cause: 'failure', subscription: undefined });
    expect(reports[1]?.rejected.at(-1)?.why).toBe('it failed: the stream cannot be opened again');
  });
});
