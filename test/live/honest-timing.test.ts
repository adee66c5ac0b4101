import { describe, expect, it } from 'vitest';
import { histogramQuantile, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { runLive, type LiveOptions } from '../../src/live/index.ts';
import { slowServer, users } from './proxy.ts';
import { specOf } from './spec.ts';

const runAt = (url: string, spec: RunSpec, options: Partial<LiveOptions> = {}): Promise<RunRecord> =>
  runLive(spec, {
    signal: AbortSignal.timeout(50_000),
    timeScale: 1,
    maxLagMs: 5000,
    server: { url, users },
    ...options,
  });

const generatorOf = ({ generator }: RunRecord) => {
  if (generator === undefined) throw new RangeError('a live record tells of its generator');
  return generator;
};

describe('the timing of live runs', () => {
  it.each([400, 1200])(
    'says 100 ms of a server that sleeps 100 ms, with a poll each %i ms',
    async (intervalMs) => {
      await using server = await slowServer(() => 100);
      const spec = specOf({ durationMs: 2000, objects: 1, syncPolicy: { kind: 'fixed', intervalMs } });
      const record = await runAt(server.url, spec);
      const p50 = histogramQuantile(generatorOf(record).serviceMs, 0.5);
      expect(p50).toBeGreaterThan(99);
      // What a busy machine adds to the timers of proxy and client.
      expect(p50).toBeLessThan(200);
    },
  );

  it('shows a stall in full', async () => {
    const stallMs = 1500;
    let stalledUntil = 0;
    let counted = false;
    await using server = await slowServer(() => {
      if (counted && stalledUntil === 0) stalledUntil = performance.now() + stallMs;
      return Math.max(0, stalledUntil - performance.now());
    });
    const spec = specOf({
      durationMs: 4000,
      objects: 1,
      changesPerSecond: 0,
      syncPolicy: { kind: 'fixed', intervalMs: 300 },
    });
    const record = await runAt(server.url, spec, {
      onProgress: () => {
        counted = true;
      },
    });
    const { responseMs, serviceMs } = generatorOf(record);
    expect(responseMs.max).toBeGreaterThan(0.95 * stallMs);
    expect(responseMs.sum).toBeGreaterThanOrEqual(serviceMs.sum);
    // Every device had a contact under way or due in the stall.
    expect(histogramQuantile(responseMs, 0.95)).toBeGreaterThan(stallMs / 2);
  });

  it('calls a run invalid whose generator had no processor, and says by how much', async () => {
    await using server = await slowServer(() => 0);
    const starve = (): void => {
      const until = performance.now() + 400;
      while (performance.now() < until);
    };
    await expect(
      runAt(server.url, specOf({ durationMs: 3000, objects: 1 }), { maxLagMs: 100, onProgress: starve }),
    ).rejects.toMatchObject({
      code: 'DAVPULSE_GENERATOR_LAGGED',
      message: expect.stringMatching(/\d+ ms late/),
    });
  });
});
