import { expect, it } from 'vitest';
import { simulate, whyNot, type RunRecord } from '../../sim/index.ts';
import { specOf } from '../live/spec.ts';
import { polling, saturation } from '../capacity/slow-fleet.ts';

const load = 0.5;
const fleet = polling(load * saturation, 3_600_000);
const majorGc = { everyMs: 4000, pauseMs: 400 };
const paused = { ...fleet, server: { ...fleet.server, majorGc } };

const meanMs = ({ server: { responseMs } }: RunRecord): number => responseMs.sum / responseMs.count;

it('keeps requests waiting while workers stand still, which is no work', () => {
  const [without, with_] = [simulate(fleet), simulate(paused)];
  expect(without.server.waitedMs).toBeUndefined();
  expect(with_.server.busyMs).toBe(without.server.busyMs);
  const times = without.server.busyMs / majorGc.everyMs;
  expect(Math.abs((with_.server.majorGcs ?? NaN) - times)).toBeLessThan(2);
  expect(with_.server.waitedMs).toBe(majorGc.pauseMs * (with_.server.majorGcs ?? NaN));
  // A pause is time that others find before them, and drains at 1 - load; it is long beside what a job takes.
  const perMs = load / majorGc.everyMs;
  const waitMs = (perMs * majorGc.pauseMs ** 2) / (2 * (1 - load));
  expect((meanMs(with_) - meanMs(without)) / waitMs).toBeCloseTo(1, 1);
});

it('falls into short runs as often as into long ones', () => {
  const runs = Array.from({ length: 200 }, (_, seed) => simulate({ ...paused, seed, durationMs: 2000 }));
  const worked = runs.reduce((sum, { server }) => sum + server.busyMs, 0);
  const gcs = runs.reduce((sum, { server }) => sum + (server.majorGcs ?? 0), 0);
  // One of four runs has one.
  expect(Math.abs(gcs / (worked / majorGc.everyMs) - 1)).toBeLessThan(0.35);
});

it.each(['exact-elided', 'expected'] as const)('is refused in mode %s', (mode) => {
  const steady = specOf({ syncPolicy: { kind: 'fixed', intervalMs: 1000 } });
  expect(whyNot(steady, mode)).toBeUndefined();
  expect(whyNot({ ...steady, server: { ...steady.server, majorGc } }, mode)).toMatch(
    /worked before|stand still/,
  );
});
