import { extname } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { RunRecord } from '../../sim/index.ts';
import type { PlannedRun } from '../scenario/index.ts';
import { estimateContacts } from './estimate-cost.ts';
import type { RunProgress } from './progress.ts';
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
  const pool = new Piscina<SimTask, RunRecord>({
    filename: new URL(`./sim-worker${extname(import.meta.filename)}`, import.meta.url).href,
    minThreads: Math.min(workers, order.length),
    maxThreads: workers,
    // What the simulator drops it drops at once; left to itself, V8 lets this garbage grow by a hundred megabytes.
    resourceLimits: { maxYoungGenerationSizeMb: 24 },
  });
  const simulate = async (index: number, { spec, timeScale }: PlannedRun): Promise<void> => {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', ({ share, events = 0 }: RunProgress) =>
      report(index, { share: Math.min(share, 0.999), events }),
    );
    try {
      const record = await pool.run({ spec, mode, port: port2 }, { signal, transferList: [port2] });
      finish(index, { ...record, timeScale });
    } finally {
      port1.close();
    }
  };
  try {
    await Promise.all(order.map(([index, run]) => simulate(index, run)));
  } finally {
    await pool.destroy();
  }
}
