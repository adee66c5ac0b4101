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
});
