import { afterEach, describe, expect, it } from 'vitest';
import type { PushPolicySpec } from '../../sim/index.ts';
import { startPushService, type FaultRule } from '../../src/push/index.ts';
import { DavSide, until } from './dav-side.ts';
import { UserAgent, type AgentSubscription } from './user-agent.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

const limits = { totalTimeoutMs: 200, backoff: { firstMs: 10, maxMs: 40 } };

const immediate: PushPolicySpec = { kind: 'immediate', ttlSeconds: 60, topic: 1 };

interface Options {
  readonly seed?: number;
  readonly policy?: PushPolicySpec;
}

async function world(rules: readonly FaultRule[], { seed = 1, policy = immediate }: Options = {}) {
  const service = await startPushService({
    host: '127.0.0.1',
    port: 0,
    faults: { seed, rules },
    control: true,
  });
  cleanup.push(() => service.close());
  const dav = new DavSide({ limits, policy });
  cleanup.push(() => dav.close());
  const agent = await UserAgent.connect(service.wsUrl);
  cleanup.push(() => agent.close());
  const subscription = await agent.subscribe();
  dav.subscribe('ann', subscription);
  return { service, dav, agent, subscription };
}

const settled = (dav: DavSide) => until(() => dav.engine.totals().pending === 0, 'an empty outbox');
const tokens = (agent: UserAgent) =>
  agent.received.map(({ text }) => /:(\d+)<\/D:sync-token>/.exec(text)?.[1]);

describe('faults on demand, and what the server makes of them', () => {
  it('drop: accepted, never there', async () => {
    const { dav, agent, service } = await world([{ fault: 'drop', toMessage: 1 }]);
    dav.change();
    await settled(dav);
    expect(service.totals()).toMatchObject({ accepted: 1, dropped: 1, delivered: 0 });
    dav.change();
    await until(() => agent.received.length === 1, 'the second');
    expect(tokens(agent)).toEqual(['2']);
  });

  it('delay: there later', async () => {
    const { dav, agent } = await world([{ fault: 'delay', delayMs: { kind: 'constant', value: 200 } }]);
    const start = performance.now();
    dav.change();
    await settled(dav);
    expect(agent.received).toHaveLength(0);
    await until(() => agent.received.length === 1, 'the message');
    expect(performance.now() - start).toBeGreaterThanOrEqual(200);
  });

  it('throttle: beyond a burst they are gone, or wait for their turn', async () => {
    const policy = { kind: 'immediate', ttlSeconds: 60, topic: 0 } as const;
    const sendThree = async (rule: FaultRule) => {
      const { dav, agent, service } = await world([rule], { policy });
      for (let change = 0; change < 3; change += 1) {
        dav.change();
        await settled(dav);
      }
      return { agent, service };
    };
    const bucket = { fault: 'throttle', burst: 2 } as const;
    const dropping = await sendThree({ ...bucket, refillMs: 60_000, over: 'drop' });
    expect(dropping.service.totals()).toMatchObject({ accepted: 3, dropped: 1 });
    expect(tokens(dropping.agent)).toEqual(['1', '2']);
    const start = performance.now();
    const delaying = await sendThree({ ...bucket, refillMs: 400, over: 'delay' });
    await until(() => delaying.agent.received.length === 3, 'the third');
    expect(performance.now() - start).toBeGreaterThanOrEqual(399);
    expect(delaying.service.totals()).toMatchObject({ dropped: 0 });
    const free = await sendThree({ ...bucket, refillMs: 60_000, over: 'drop', topicsOnly: true });
    expect(free.service.totals()).toMatchObject({ dropped: 0 });
  });

  it('duplicate: there several times', async () => {
    const { dav, agent, service } = await world([{ fault: 'duplicate', copies: 3 }]);
    dav.change();
    await until(() => agent.received.length === 3, 'three copies');
    expect(new Set(agent.received.map(({ version }) => version)).size).toBe(1);
    await until(() => service.totals().stored === 0, 'the acknowledgement');
  });

  it.each([
    ['later ones overtake', 0, ['2', '1']],
    ['but not one of the same topic, which replaces it', 1, ['2']],
  ])('reorder: %s', async (_name, topic, expected) => {
    const policy = { kind: 'immediate', ttlSeconds: 60, topic } as const;
    const { service, dav, agent } = await world([{ fault: 'reorder', holdMs: 300, toMessage: 1 }], {
      policy,
    });
    dav.change();
    await settled(dav);
    dav.change();
    await until(() => agent.received.length === expected.length, 'all of them');
    await until(() => service.totals().stored === 0, 'acknowledgements');
    expect(tokens(agent)).toEqual(expected);
  });

  it.each([[404], [410]])('status %i: the subscription is removed', async (status) => {
    const { dav, service } = await world([{ fault: 'status', status }]);
    dav.change();
    await until(() => dav.engine.totals().removed === 1, 'the removal');
    dav.change();
    await settled(dav);
    expect(service.totals()).toMatchObject({ accepted: 0, delivered: 0 });
  });

  it('status 413: tried again, for it may pass', async () => {
    const { dav, agent } = await world([{ fault: 'status', status: 413, toMessage: 2 }]);
    dav.change();
    await until(() => agent.received.length === 1, 'the message');
    expect(dav.engine.totals()).toMatchObject({ retried: 2, removed: 0 });
  });

  it('status 429: comes back after Retry-After', async () => {
    const { dav, agent } = await world([
      { fault: 'status', status: 429, retryAfterSeconds: 1, toMessage: 1 },
    ]);
    const start = performance.now();
    dav.change();
    await until(() => agent.received.length === 1, 'the message');
    expect(performance.now() - start).toBeGreaterThanOrEqual(990);
    expect(dav.engine.totals().retried).toBe(1);
  });

  it('status 500: tried until it passes, with what came meanwhile', async () => {
    const { dav, agent } = await world([{ fault: 'status', status: 500, toMessage: 3 }]);
    dav.change();
    await until(() => dav.engine.totals().retried > 0, 'a failure');
    dav.change();
    await until(() => agent.received.length > 0, 'the message');
    await settled(dav);
    expect(tokens(agent).at(-1)).toBe('2');
  });

  it('slow-accept within the timeout: there once', async () => {
    const { dav, agent } = await world([{ fault: 'slow-accept', ms: 100 }]);
    dav.change();
    await settled(dav);
    expect(agent.received).toHaveLength(1);
    expect(dav.engine.totals()).toMatchObject({ sent: 1, retried: 0 });
  });

  it('hang: given up after the timeout and tried again', async () => {
    const { dav, agent } = await world([{ fault: 'hang', toMessage: 1 }]);
    dav.change();
    await until(() => agent.received.length === 1, 'the message');
    expect(dav.engine.totals()).toMatchObject({ retried: 1 });
  });

  it('outage: nobody connects, and afterwards everything is there', async () => {
    const { service, dav, agent } = await world([]);
    service.setFaults({ seed: 1, rules: [{ fault: 'outage', toMs: 300 }] });
    await agent.closed;
    await expect(UserAgent.connect(service.wsUrl)).rejects.toThrow();
    dav.change();
    dav.change();
    await settled(dav);
    const again = await UserAgent.connect(service.wsUrl, agent.uaid, agent.subscriptions);
    cleanup.push(() => again.close());
    await until(() => again.received.length > 0, 'the message');
    expect(tokens(again).at(-1)).toBe('2');
  });

  it('cut: the connection breaks, and the message is there after the next one', async () => {
    const { service, dav, agent } = await world([{ fault: 'cut', toMessage: 1 }]);
    dav.change();
    await agent.closed;
    expect(agent.received).toHaveLength(0);
    const again = await UserAgent.connect(service.wsUrl, agent.uaid, agent.subscriptions);
    cleanup.push(() => again.close());
    await until(() => again.received.length === 1, 'the message');
  });

  it('wrong-ttl: the message is delivered all the same', async () => {
    const { dav, agent } = await world([{ fault: 'wrong-ttl', ttlSeconds: 1e9 }]);
    dav.change();
    await until(() => agent.received.length === 1, 'the message');
    expect(dav.engine.totals()).toMatchObject({ sent: 1, retried: 0 });
  });

  it('strikes the subscription it names, and only it', async () => {
    const { service, dav, agent, subscription } = await world([]);
    const other: AgentSubscription = await agent.subscribe();
    dav.subscribe('bob', other);
    service.setFaults({ seed: 1, rules: [{ fault: 'drop', subscription: subscription.endpoint }] });
    dav.change();
    await settled(dav);
    await until(() => agent.received.length === 1, 'the other one');
    expect(agent.received[0]?.channel).toBe(other.channel);
  });

  it('strikes the same messages under the same seed', async () => {
    const struck = async (seed: number): Promise<string> => {
      const { service, agent } = await world([{ fault: 'status', status: 500, share: 0.5 }], { seed });
      const { endpoint } = agent.subscriptions[0] ?? { endpoint: '' };
      // Nobody needs to get these: with TTL 0 and nobody there they are gone.
      await agent.close();
      let statuses = '';
      for (let n = 0; n < 40; n += 1) {
        const { status } = await fetch(endpoint, { method: 'POST', headers: { ttl: '0' }, body: 'x' });
        statuses += status === 500 ? 'x' : '.';
      }
      expect(service.totals().accepted).toBe(statuses.replaceAll('x', '').length);
      return statuses;
    };
    const first = await struck(7);
    expect(await struck(7)).toBe(first);
    expect(await struck(8)).not.toBe(first);
    expect(first).toContain('x');
    expect(first).toContain('.');
  });

  it('takes plans by a control call from this machine', async () => {
    const { service, dav } = await world([]);
    const put = (plan: unknown) =>
      fetch(`${service.url}/faults`, { method: 'PUT', body: JSON.stringify(plan) });
    expect((await put({ seed: 1, rules: [{ fault: 'pigeon' }] })).status).toBe(400);
    expect((await put({ seed: 1, rules: [{ fault: 'drop' }] })).status).toBe(204);
    dav.change();
    await settled(dav);
    const totals: unknown = await (await fetch(`${service.url}/totals`)).json();
    expect(totals).toMatchObject({ accepted: 1, dropped: 1 });
  });
});
