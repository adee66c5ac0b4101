import { describe, expect, it } from 'vitest';
import { histogramQuantile, simulate, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { runLive } from '../../src/live/index.ts';
import { slowServer, users } from './proxy.ts';
import { specOf } from './spec.ts';

const live = (spec: RunSpec) =>
  runLive(spec, { signal: AbortSignal.timeout(50_000), timeScale: 1, maxLagMs: 5000 });

const contactsOf = ({ groups }: RunRecord): number => groups.reduce((sum, group) => sum + group.contacts, 0);
const onPush = { kind: 'on-push', spreadMs: 0, skipKnown: 0, wholeAccount: 1 } as const;
const immediate = { kind: 'immediate', ttlSeconds: 60, topic: 1 } as const;

const withGroup = (spec: RunSpec, more: Partial<RunSpec['deviceGroups'][number]>): RunSpec => ({
  ...spec,
  deviceGroups: spec.deviceGroups.map((group) => ({ ...group, ...more })),
});

describe('a live run obeys what the simulator obeys', () => {
  it('leaves devices alone while they are out of reach, and they catch up', async () => {
    const away = { spells: { perDay: 43_200, lengthMs: { kind: 'constant', value: 900 } } } as const;
    const spec = withGroup(specOf({ durationMs: 2500, syncPolicy: { kind: 'fixed', intervalMs: 250 } }), {
      connectivity: away,
    });
    const record = await live(spec);
    const simulated = simulate(spec);
    expect(record.ledger).toMatchObject({ lost: 0 });
    expect(record.stateCheck.different).toBe(0);
    const always = 10 * 8;
    expect(contactsOf(simulated)).toBeLessThan(0.75 * always);
    // Poll by poll, but for those that a busy machine skips.
    expect(contactsOf(record)).toBeLessThanOrEqual(contactsOf(simulated) + 2);
    expect(contactsOf(record)).toBeGreaterThan(0.6 * contactsOf(simulated));
  });

  it('keeps pushes at the service for devices out of reach, and they learn when they are back', async () => {
    const away = { spells: { perDay: 43_200, lengthMs: { kind: 'constant', value: 900 } } } as const;
    const spec = withGroup(
      specOf({ durationMs: 2500, changesPerSecond: 2, syncPolicy: onPush, pushPolicy: immediate }),
      {
        connectivity: away,
      },
    );
    const record = await live(spec);
    expect(record.ledger.expected).toBeGreaterThan(5);
    expect(record.ledger).toMatchObject({ seen: record.ledger.expected, lost: 0 });
    expect(record.stateCheck.different).toBe(0);
    expect(Math.max(...Object.values(record.staleness).map(({ max }) => max))).toBeGreaterThan(200);
  });

  it('loses the very push messages that the simulator loses', async () => {
    const spec = specOf({
      durationMs: 2500,
      changesPerSecond: 4,
      pushLoss: 0.4,
      syncPolicy: onPush,
      pushPolicy: immediate,
      writer: 'external',
    });
    const record = await live(spec);
    const simulated = simulate(spec);
    expect(simulated.push.dropped).toBeGreaterThan(10);
    // What a busy machine merges, or sends just after the end, is no message of its own.
    const fewer = simulated.push.sent - record.push.sent;
    expect(fewer).toBeGreaterThanOrEqual(0);
    expect(fewer).toBeLessThan(0.4 * simulated.push.sent);
    expect(Math.abs(record.push.dropped - simulated.push.dropped)).toBeLessThanOrEqual(fewer + 2);
    expect(Math.abs(record.ledger.lost - simulated.ledger.lost)).toBeLessThanOrEqual(fewer + 2);
  });

  it('lets through what the throttle of the push service lets through in the simulator', async () => {
    const plain = specOf({
      users: 8,
      members: 8,
      durationMs: 2500,
      changesPerSecond: 6,
      syncPolicy: onPush,
      pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 0 },
      writer: 'external',
    });
    const throttle = { burst: 3, refillMs: 60_000, over: 'drop' } as const;
    const spec = { ...plain, pushService: { ...plain.pushService, throttle } };
    const record = await live(spec);
    const simulated = simulate(spec);
    expect(simulated.push.delivered).toBe(16 * throttle.burst);
    expect(simulated.push.dropped).toBeGreaterThan(16);
    expect(record.push.delivered).toBe(simulated.push.delivered);
    expect(record.push.dropped).toBeGreaterThan(0);
    // What a busy machine merges is no message of its own.
    expect(record.push.dropped).toBeLessThanOrEqual(simulated.push.dropped);
  });

  it('takes as long on the way to the server as its link does in the simulator', async () => {
    const plain = specOf({ users: 2, durationMs: 1500, syncPolicy: { kind: 'fixed', intervalMs: 400 } });
    const rttMs = { kind: 'constant', value: 120 } as const;
    const spec = withGroup(plain, { link: { name: 'far', rttMs, mbpsUp: 1000, mbpsDown: 1000 } });
    const record = await live(spec);
    expect(record.stateCheck.different).toBe(0);
    expect(contactsOf(record)).toBeGreaterThan(8);
    const times = record.generator?.serviceMs;
    if (times === undefined) throw new RangeError('a live record tells of its generator');
    expect(histogramQuantile(times, 0.1)).toBeGreaterThan(118);
    const near = (await live(plain)).generator?.serviceMs;
    expect(near && histogramQuantile(near, 0.1)).toBeLessThan(100);
  });

  it('stays away for as long as a server asks in Retry-After, when the policy is to', async () => {
    const asked: { readonly user: string; readonly at: number; readonly refused: boolean }[] = [];
    let refusing = false;
    await using server = await slowServer(
      () => 0,
      ({ method, headers }) => {
        if (method !== 'REPORT' || !refusing) return undefined;
        const user = headers.authorization ?? '';
        const refused = !asked.some((each) => each.user === user);
        asked.push({ user, at: performance.now(), refused });
        return refused ? { status: 503, headers: { 'retry-after': '2' } } : undefined;
      },
    );
    const spec = specOf({
      durationMs: 3200,
      devicesPerUser: 1,
      members: 1,
      changesPerSecond: 0,
      syncPolicy: {
        kind: 'server-paced',
        intervalMs: 300,
        minIntervalMs: 100,
        maxIntervalMs: 10_000,
        jitter: 0,
        retrySpread: 0,
      },
    });
    await runLive(spec, {
      signal: AbortSignal.timeout(50_000),
      timeScale: 1,
      maxLagMs: 5000,
      server: { url: server.url, users },
      onProgress: () => {
        refusing = true;
      },
    });
    const byUser = Map.groupBy(asked, ({ user }) => user);
    expect(byUser.size).toBe(4);
    for (const [first, second] of byUser.values()) {
      expect(first?.refused).toBe(true);
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(1990);
    }
  });
});
