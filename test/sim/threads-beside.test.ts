import { expect, it } from 'vitest';
import {
  mapRequests,
  simulate,
  type RunRecord,
  type ServerSpec,
  type SimulationMode,
} from '../../sim/index.ts';
import { specOf } from '../live/spec.ts';

const fleet = specOf({
  users: 50,
  devicesPerUser: 1,
  changesPerSecond: 1,
  durationMs: 60_000,
  syncPolicy: { kind: 'fixed', intervalMs: 1000 },
});

const serviceMs = mapRequests(fleet.server.serviceMs, () => ({ kind: 'constant', value: 0.5 }) as const);
const plain = { ...fleet, server: { ...fleet.server, serviceMs } };

const withoutAndWith = (part: Partial<ServerSpec>, mode: SimulationMode) =>
  [{}, part].map((more) => simulate({ ...plain, server: { ...plain.server, ...more } }, { mode }));

it.each(['exact', 'exact-elided'] as const)(
  'counts the work of threads beside the workers, which delays nobody, in mode %s',
  (mode) => {
    const [without, beside] = withoutAndWith({ besides: 0.25 }, mode);
    expect(without?.server.loopMs).toBeUndefined();
    expect(without?.server.busyMs).toBeGreaterThan(1000);
    expect(beside?.server.loopMs).toBe(without?.server.busyMs);
    expect(beside?.server.busyMs).toBeCloseTo(1.25 * (without?.server.busyMs ?? NaN), 6);
    expect(beside?.staleness).toEqual(without?.staleness);
  },
);

it.each(['exact', 'exact-sliced', 'expected'] as const)(
  'counts what a server takes each second in any case, in mode %s',
  (mode) => {
    const [without, kept] = withoutAndWith({ upkeepMs: 2 }, mode);
    const { busyMs = NaN } = without?.server ?? {};
    expect(kept?.server.busyMs).toBeCloseTo(busyMs + 120, 6);
    expect(kept?.staleness).toEqual(without?.staleness);
  },
);

it('keeps workers waiting while other threads have the processor, which is no work', () => {
  const onPush = { kind: 'on-push', spreadMs: 0 } as const;
  const told = {
    ...plain,
    deviceGroups: plain.deviceGroups.map((group) => ({ ...group, syncPolicy: onPush })),
    pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 1 } as const,
  };
  const pushMs = { kind: 'constant', value: 5 } as const;
  const [without, waiting] = [0, 0.5].map((pushWaits) =>
    simulate({ ...told, server: { ...plain.server, pushMs, besides: 0, pushBesides: 2, pushWaits } }),
  );
  if (without === undefined || waiting === undefined) throw new RangeError('no runs');
  const { sent } = waiting.push;
  const eachMs = ({ server, push }: RunRecord): number => server.busyMs / push.sent;
  expect(eachMs(waiting) / eachMs(without)).toBeCloseTo(1, 2);
  expect(without.server.waitedMs).toBe(0);
  expect(waiting.server.waitedMs).toBeCloseTo(sent * 5, 6);
  const meanMs = ({ staleness: { normal } }: RunRecord): number => normal.sum / normal.count;
  // It waits as long as it works, for this message and for those before it.
  expect(meanMs(waiting) - meanMs(without)).toBeGreaterThan(5);
});
