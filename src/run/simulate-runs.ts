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

/**
 * Makes the simulated runs among `runs` on a pool of threads. When the signal aborts, it throws the reason; if by then none
 * was finished, those under way are finished as what they are so far, as the duration of their specs tells.
 */
export async function simulateRuns(runs: readonly PlannedRun[], options: SimulateRunsOptions): Promise<void> {
  // The dearest first, so that no core is left alone with a long run at the end.
  const order = [...runs.entries()]
    .filter(([, run]) => run.backend === 'sim')
    .sort(([, a], [, b]) => estimateContacts(b.spec) - estimateContacts(a.spec));
  if (order.length === 0) return;
  const { workers, mode, signal, report, finish } = options;
  signal.throwIfAborted();
  const divided = new Set(
    willDivide(
      order.map(([, { spec }]) => spec),
      workers,
      mode,
    ),
  );
  const pool = new SimPool(workers, divided.size > 0 ? workers : order.length);
  let isAnyFinished = false;
  const onAbort = (): void => {
    if (isAnyFinished) pool.end(signal.reason);
    else pool.cutShort(signal.reason);
  };
  signal.addEventListener('abort', onAbort);
  const simulate = async (index: number, { spec, timeScale }: PlannedRun): Promise<void> => {
    const watch = ({ share, events = 0 }: RunProgress) =>
      report(index, { share: Math.min(share, 0.999), events });
    const record = divided.has(spec)
      ? await simulateDivided(pool, spec, mode, watch)
      : await pool.run(spec, mode, watch);
    isAnyFinished = true;
    finish(index, { ...record, timeScale });
  };
  const made = order.map(([index, run]) => simulate(index, run));
  try {
    await Promise.all(made);
  } catch (error) {
    if (!signal.aborted) throw error;
    await Promise.allSettled(made);
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', onAbort);
    await pool.close();
  }
}
