import { afterEach, describe, expect, it } from 'vitest';
import { pushPolicies, type Parameters, type PushPolicySpec } from '../../sim/index.ts';
import { DavSide, until } from './dav-side.ts';
import { created, fakeEndpoints } from './fake-endpoints.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

const shortMs = 60;
const changes = 5;

/** A policy with its defaults, and short times where it has none. */
function specOf({ kind, parameters }: { kind: string; parameters: Parameters }): PushPolicySpec {
  const values = Object.entries(parameters).map(([name, parameter]) => [name, parameter.default ?? shortMs]);
  // Made from the registry's own description of this kind.
  return { kind, ...Object.fromEntries(values) } as PushPolicySpec;
}

async function world(spec: PushPolicySpec) {
  const endpoints = await fakeEndpoints(created);
  cleanup.push(() => endpoints.close());
  const dav = new DavSide({ policy: spec });
  cleanup.push(() => dav.close());
  for (const path of ['/a', '/b', '/c']) dav.subscribe('ann', endpoints.subscription(path));
  return { endpoints, dav };
}

const sending = pushPolicies.filter(({ kind }) => kind !== 'off');

describe('the policies of the simulator, sending for real', () => {
  it.each(sending.map((policy) => [policy.kind, specOf(policy)] as const))(
    '%s: everyone learns of the last change, and every change is sent or merged',
    async (_kind, spec) => {
      const { endpoints, dav } = await world(spec);
      for (let change = 0; change < changes; change += 1) dav.change();
      await until(() => dav.engine.totals().pending === 0, 'an empty outbox');
      const { sent, merged } = dav.engine.totals();
      expect(sent + merged).toBe(3 * changes);
      expect(new Set(endpoints.received.map(({ path }) => path)).size).toBe(3);
    },
  );

  it('off: nobody is told anything, and nothing is kept', async () => {
    const { endpoints, dav } = await world({ kind: 'off' });
    dav.change();
    await until(() => dav.engine.totals().pending === 0, 'an empty outbox');
    expect(endpoints.received).toEqual([]);
    expect(dav.db.prepare('SELECT count(*) AS n FROM push_change').get()?.['n']).toBe(0);
  });

  it('by-importance: what is urgent takes along what waits, what is low may wait for a poll', async () => {
    const header = { ttlSeconds: 60, topic: 1 };
    const spec = {
      kind: 'by-importance',
      highMs: 0,
      normalMs: 1e9,
      lowMs: 0,
      sendLow: 0,
      ...header,
    } as const;
    const { endpoints, dav } = await world(spec);
    dav.change({ importance: 'low' });
    dav.change({ importance: 'normal' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(endpoints.received).toEqual([]);
    dav.change({ importance: 'high' });
    await until(() => dav.engine.totals().sent === 3, 'one message each');
    expect(endpoints.received.map(({ headers }) => headers['urgency'])).toEqual(['high', 'high', 'high']);
  });

  it('staggered: the fan-out of one change is spread', async () => {
    const spec = pushPolicies.find(({ kind }) => kind === 'staggered');
    expect(spec).toBeDefined();
    if (spec === undefined) return;
    const { endpoints, dav } = await world(specOf(spec));
    dav.change();
    await until(() => dav.engine.totals().sent === 3, 'all three');
    const times = endpoints.received.map(({ at }) => at);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(shortMs);
  });

  it('token-bucket: the burst leaves at once, then one message for each token, also after a restart', async () => {
    const spec = {
      kind: 'token-bucket',
      burst: 2,
      refillMs: 400,
      windowMs: 0,
      ttlSeconds: 60,
      topic: 1,
    } as const;
    const endpoints = await fakeEndpoints(created);
    cleanup.push(() => endpoints.close());
    const dav = new DavSide({ policy: spec });
    cleanup.push(() => dav.close());
    dav.subscribe('ann', endpoints.subscription('/a'));
    const begin = Date.now();
    for (let sent = 1; sent <= 2; sent += 1) {
      dav.change();
      await until(() => dav.engine.totals().sent === sent, 'a message of the burst');
    }
    await dav.engine.close();
    const again = new DavSide({ policy: spec, db: dav.db });
    cleanup.push(() => again.close());
    again.change();
    await until(() => again.engine.totals().sent === 1, 'the third');
    expect(Date.now() - begin).toBeGreaterThanOrEqual(400);
  });

  it.each([
    [0, 0],
    [20, 300],
  ])(
    'load-paced: with %i times the wait, a change under load waits for %i ms or more',
    async (perBacklog, ms) => {
      const header = { ttlSeconds: 60, topic: 1 };
      const spec = { kind: 'load-paced', windowMs: 0, perBacklog, maxDelayMs: 1e6, ...header } as const;
      const answerMs = 15;
      const endpoints = await fakeEndpoints((response) => void setTimeout(() => created(response), answerMs));
      cleanup.push(() => endpoints.close());
      const circuit = { subscriptions: 100, firstMs: 10, maxMs: 40 };
      const dav = new DavSide({ policy: spec, limits: { lane: { concurrency: 1, suspects: 1, circuit } } });
      cleanup.push(() => dav.close());
      const quiet = await fakeEndpoints(created);
      cleanup.push(() => quiet.close());
      for (let n = 0; n < 10; n += 1) dav.subscribe('ann', endpoints.subscription(`/${n}`));
      const other = { id: 2, path: '/calendars/ann/other/' };
      dav.subscribe('ann', quiet.subscription('/other'), undefined, other);
      dav.change();
      await until(() => dav.engine.totals().sent >= 2, 'a measure of sending');
      // Seven or so still wait, each for at least `answerMs`.
      const waiting = 10 - dav.engine.totals().sent;
      const at = Date.now();
      dav.change({ collectionId: 2, at });
      await until(() => quiet.received.length === 1, 'the message about the other');
      expect(Date.now() - at).toBeGreaterThanOrEqual(
        Math.min(ms, perBacklog * Math.max(0, waiting - 2) * answerMs),
      );
    },
  );
});
