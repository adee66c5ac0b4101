import { describe, expect, it } from 'vitest';
import { bucketOf, histogramQuantile, type RunRecord, type RunSpec } from '../../sim/index.ts';
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
  it.each([200, 400, 1200])(
    'says 100 ms of a server that sleeps 100 ms, with a poll each %i ms',
    async (intervalMs) => {
      await using server = await slowServer(() => 100);
      const spec = specOf({ durationMs: 1300, objects: 1, syncPolicy: { kind: 'fixed', intervalMs } });
      const { serviceMs, responseMs } = generatorOf(await runAt(server.url, spec));
      for (const times of [serviceMs, responseMs]) {
        const p50 = histogramQuantile(times, 0.5);
        expect(p50).toBeGreaterThan(99);
        // What a busy machine adds to the timers of proxy and client.
        expect(p50).toBeLessThan(150);
      }
    },
  );

  it('shows a stall of 5 s in full', async () => {
    const stallMs = 5000;
    let stalledFrom = NaN;
    let counted = false;
    await using server = await slowServer(() => {
      if (!counted) return 0;
      if (Number.isNaN(stalledFrom)) stalledFrom = performance.now();
      return Math.max(0, stalledFrom + stallMs - performance.now());
    });
    const intervalMs = 300;
    const spec = specOf({
      durationMs: 6000,
      objects: 1,
      changesPerSecond: 0,
      syncPolicy: { kind: 'fixed', intervalMs },
    });
    const { responseMs, serviceMs, eventLoopDelayMs } = generatorOf(
      await runAt(server.url, spec, {
        onProgress: () => {
          counted = true;
        },
      }),
    );
    expect(responseMs.max).toBeGreaterThanOrEqual(stallMs - 1);
    expect(responseMs.sum).toBeGreaterThanOrEqual(serviceMs.sum);
    // Each of the eight devices had a contact under way or due within an interval of its begin.
    const above = responseMs.buckets
      .filter(([bucket]) => bucket >= bucketOf(stallMs - intervalMs - 50))
      .reduce((sum, [, count]) => sum + count, 0);
    expect(above).toBeGreaterThanOrEqual(8);
    // It was the server, not the generator.
    expect(eventLoopDelayMs?.p99).toBeLessThan(stallMs / 10);
  });

  it('calls a run invalid whose generator had no processor, and says by how much', async () => {
    await using server = await slowServer(() => 0);
    const starve = (): void => {
      const until = performance.now() + 400;
      while (performance.now() < until);
    };
    await expect(
      runAt(server.url, specOf({ durationMs: 2000, objects: 1 }), { maxLagMs: 100, onProgress: starve }),
    ).rejects.toMatchObject({
      code: 'DAVPULSE_GENERATOR_LAGGED',
      message: expect.stringMatching(/[1-9]\d\d ms late or more and its event loop [1-9]\d\d ms/),
    });
  });
});
