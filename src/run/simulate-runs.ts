import type { RunRecord } from '../../sim/index.ts';
import type { PlannedRun } from '../scenario/index.ts';
import { estimateContacts } from './estimate-cost.ts';
import type { RunProgress } from './progress.ts';
import { simulateDivided, willDivide } from './simulate-divided.ts';
import { SimPool } from './sim-pool.ts';
import type { SimTask } from './sim-worker.ts';

export interface SimulateRunsOptions {
  readonly workers: number;
  readonly mode: SimTask['mode'];
  readonly signal: AbortSignal;
  readonly report: (index: number, progress: RunProgress) => void;
  readonly finish: (index: number, record: RunRecord) => void;
}

/** Makes the simulated runs among `runs` on a pool of threads. */
export async function simulateRuns(runs: readonly PlannedRun[], options: SimulateRunsOptions): Promise<void> {
  // The dearest first, so that no core is left alone with a long run at the end.
  const order = [...runs.entries()]
    .filter(([, run]) => run.backend === 'sim')
    .sort(([, a], [, b]) => estimateContacts(b.spec) - estimateContacts(a.spec));
  if (order.length === 0) return;
  const { workers, mode, signal, report, finish } = options;
  const divided = new Set(
    willDivide(
      order.map(([, { spec }]) => spec),
      workers,
      mode,
    ),
  );
  const pool = new SimPool(workers, divided.size > 0 ? workers : order.length, signal);
  const simulate = async (index: number, { spec, timeScale }: PlannedRun): Promise<void> => {
    const watch = ({ share, events = 0 }: RunProgress) =>
      report(index, { share: Math.min(share, 0.999), events });
    const record = divided.has(spec)
      ? await simulateDivided(pool, spec, mode, watch)
      : await pool.run(spec, mode, watch);
    finish(index, { ...record, timeScale });
  };
  try {
    await Promise.all(order.map(([index, run]) => simulate(index, run)));
  } finally {
    await pool.close();
  }
}
