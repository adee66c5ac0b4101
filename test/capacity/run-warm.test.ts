import { expect, it } from 'vitest';
import { plainFleet } from '../../src/capacity/plain-fleet.ts';
import { openWarmServer, runOn } from '../../src/capacity/run-warm.ts';
import { loadStudy, shipped } from '../../src/scenario/index.ts';

const users = 4;
const like = loadStudy(shipped('agreement.yaml')).runs.find(({ spec }) =>
  spec.label.startsWith('push'),
)?.spec;

it('sets a fleet up once, and again only after a run that failed', async () => {
  if (like === undefined) throw new RangeError('the scenario that ships has fleets that are pushed to');
  const signal = AbortSignal.timeout(100_000);
  await using stack = new AsyncDisposableStack();
  const on = await openWarmServer(like, users, { signal, rounds: 1 }, stack);
  const told = { kind: 'hybrid', safetyIntervalMs: 200, spreadMs: 0 } as const;
  const spec = {
    ...plainFleet(like, { users, members: 2, writesPerSecond: 10 }, told),
    layoutSeed: 1,
    warmUpMs: 0,
    durationMs: 1000,
  };
  const setUpOf = async (seed: number, maxLagMs = Infinity) => {
    const { generator, ledger } = await runOn(on, { ...spec, seed }, { signal, maxLagMs });
    expect(ledger.lost).toBe(0);
    return generator?.setUp;
  };
  expect(await setUpOf(1)).toEqual({ firstSyncs: users, registered: 2 * users, restored: 0 });
  expect(await setUpOf(2)).toEqual({ firstSyncs: 0, registered: 0, restored: users });
  await expect(setUpOf(3, 0)).rejects.toThrow('fell behind');
  expect(await setUpOf(4)).toEqual({ firstSyncs: users, registered: 2 * users, restored: 0 });
}, 110_000);
