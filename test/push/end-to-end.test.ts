import { afterEach, describe, expect, it } from 'vitest';
import { startPushService, type PushServiceOptions } from '../../src/push/index.ts';
import { DavSide, until } from './dav-side.ts';
import { UserAgent } from './user-agent.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

async function world(
  service: Partial<PushServiceOptions> = {},
  engine: ConstructorParameters<typeof DavSide>[0] = {},
) {
  const pushService = await startPushService({ host: '127.0.0.1', port: 0, ...service });
  cleanup.push(() => pushService.close());
  const dav = new DavSide(engine);
  cleanup.push(() => dav.close());
  const agent = await UserAgent.connect(pushService.wsUrl);
  cleanup.push(() => agent.close());
  return { pushService, dav, agent };
}

describe('a change on its way to a device', () => {
  it('arrives encrypted, with topic and newest sync token', async () => {
    const { dav, agent } = await world();
    const subscription = await agent.subscribe();
    expect(dav.subscribe('ann', subscription).status).toBe(201);
    dav.change();
    await until(() => agent.received.length === 1, 'one message');
    const topic = dav.engine.properties({ id: 1, path: '/' }).get('topic') ?? '';
    expect(agent.received[0]?.text).toContain(`<topic>${topic}</topic>`);
    expect(agent.received[0]?.text).toContain(`<D:sync-token>${dav.syncToken}</D:sync-token>`);
    await until(() => dav.engine.totals().sent === 1, 'the answer of the push service');
  });

  it('merges the changes of a window into one message with the newest token', async () => {
    const policy = { kind: 'window', windowMs: 100, ttlSeconds: 60, topic: 1 } as const;
    const { dav, agent } = await world({}, { policy });
    dav.subscribe('ann', await agent.subscribe());
    for (let n = 0; n < 20; n += 1) dav.change();
    await until(() => agent.received.length > 0, 'a message');
    expect(agent.received).toHaveLength(1);
    expect(agent.received[0]?.text).toContain(`${dav.syncToken}<`);
    expect(dav.engine.totals().merged).toBe(19);
  });

  it('reaches an agent that was away', async () => {
    const { pushService, dav, agent } = await world();
    dav.subscribe('ann', await agent.subscribe());
    await agent.close();
    dav.change();
    await until(() => pushService.totals().accepted === 1, 'the push');
    const again = await UserAgent.connect(pushService.wsUrl, agent.uaid, agent.subscriptions);
    cleanup.push(() => again.close());
    await until(() => again.received.length === 1, 'the message after reconnecting');
  });

  it('vanishes when the push service drops everything', async () => {
    const faults = { seed: 1, rules: [{ fault: 'drop' }] } as const;
    const { pushService, dav, agent } = await world({ faults });
    dav.subscribe('ann', await agent.subscribe());
    dav.change();
    await until(() => pushService.totals().dropped === 1, 'the drop');
    expect(agent.received).toHaveLength(0);
  });

  it('removes a subscription that the push service does not know', async () => {
    const { dav, agent } = await world();
    const subscription = await agent.subscribe();
    dav.subscribe('ann', subscription);
    await agent.request({ messageType: 'unregister', channelID: subscription.channel });
    dav.change();
    await until(() => dav.engine.totals().removed === 1, 'the removal');
  });
});
