import { histogramQuantile, mergeHistograms } from '../../sim/index.ts';
import type { LiveLedger } from './ledger.ts';
import type { LiveSample } from './live-sample.ts';
import type { Recorder } from './recorder.ts';

/** Looks at a run now and then, and tells what went on since the last look. */
export class Sampler {
  #last = { elapsedMs: 0, requests: 0, pushes: 0 };

  take(
    clock: Pick<LiveSample, 'label' | 'elapsedMs' | 'endMs' | 'loopP99Ms'>,
    requests: number,
    { delivered: pushes, failures, lag }: Pick<Recorder, 'delivered' | 'failures' | 'lag'>,
    ledger: Pick<LiveLedger, 'staleness'>,
  ): LiveSample {
    const staleness = mergeHistograms(Object.values(ledger.staleness()));
    const { elapsedMs } = clock;
    const seconds = Math.max(1e-3, (elapsedMs - this.#last.elapsedMs) / 1000);
    const rates = {
      requestsPerSecond: (requests - this.#last.requests) / seconds,
      pushesPerSecond: (pushes - this.#last.pushes) / seconds,
    };
    this.#last = { elapsedMs, requests, pushes };
    return {
      ...clock,
      ...rates,
      requests,
      pushes,
      failures,
      stalenessP50Ms: histogramQuantile(staleness, 0.5),
      stalenessP95Ms: histogramQuantile(staleness, 0.95),
      lagP99Ms: lag.quantile(0.99),
    };
  }
}
