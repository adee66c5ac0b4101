import { extname } from 'node:path';
import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { RunRecord } from '../../sim/index.ts';
import type { PlannedRun, Study } from '../scenario/index.ts';
import { estimateContacts } from './estimate-cost.ts';
import type { LiveServer } from '../live/index.ts';
import { ProgressMeter, type Progress } from './progress.ts';
import type { SimTask } from './sim-worker.ts';

export interface RunOptions {
  /** Ends the study early; what is finished by then is kept. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Threads that simulate; all cores by default. The result does not depend on it. */
  readonly workers?: number;
  /** A server to drive instead of the bundled one. */
  readonly target?: LiveTarget;
}

/** A CalDAV server that is running already. */
export type LiveTarget = LiveServer;

export interface StudyOutcome {
  /** The finished runs in the order of the plan, each with its place there. */
  readonly finished: readonly { readonly index: number; readonly record: RunRecord }[];
  /** Why the study ended before its last run, if it did. */
  readonly error?: unknown;
}

/** Makes every run of a study: the simulated ones on all cores, then the live ones one by one with the machine to themselves. */
export async function runStudy(study: Study, options: RunOptions): Promise<StudyOutcome> {
  const workers = options.workers ?? availableParallelism();
  const meter = new ProgressMeter(study.runs, workers, () => performance.now());
  const report = (index: number, share: number): void => options.onProgress?.(meter.report(index, share));
  const records = new Map<number, RunRecord>();
  const finish = (index: number, record: RunRecord): void => {
    records.set(index, record);
    report(index, 1);
  };
  const finished = (): StudyOutcome['finished'] =>
    study.runs.flatMap(({ index }, place) => {
      const record = records.get(place);
      return record === undefined ? [] : [{ index, record }];
    });
  try {
    meter.simulationStarts();
    await simulateAll(study.runs, workers, options.signal, report, finish);
    meter.simulationEnds();
    await liveAll(study.runs, options, report, finish);
  } catch (error) {
    return { finished: finished(), error };
  }
  return { finished: finished() };
}

type Report = (index: number, share: number) => void;
type Finish = (index: number, record: RunRecord) => void;

async function simulateAll(
  runs: readonly PlannedRun[],
  workers: number,
  signal: AbortSignal,
  report: Report,
  finish: Finish,
): Promise<void> {
  // The dearest first, so that no core is left alone with a long run at the end.
  const order = [...runs.entries()]
    .filter(([, run]) => run.backend === 'sim')
    .sort(([, a], [, b]) => estimateContacts(b.spec) - estimateContacts(a.spec));
  if (order.length === 0) return;
  const pool = new Piscina<SimTask, RunRecord>({
    filename: new URL(`./sim-worker${extname(import.meta.filename)}`, import.meta.url).href,
    minThreads: Math.min(workers, order.length),
    maxThreads: workers,
  });
  try {
    await Promise.all(
      order.map(async ([index, run]) => {
        const { port1, port2 } = new MessageChannel();
        port1.on('message', (share: number) => report(index, Math.min(share, 0.999)));
        try {
          const record = await pool.run({ spec: run.spec, port: port2 }, { signal, transferList: [port2] });
          finish(index, { ...record, timeScale: run.timeScale });
        } finally {
          port1.close();
        }
      }),
    );
  } finally {
    await pool.destroy();
  }
}

async function liveAll(
  runs: readonly PlannedRun[],
  options: RunOptions,
  report: Report,
  finish: Finish,
): Promise<void> {
  if (!runs.some(({ backend }) => backend === 'live')) return;
  const { runLive } = await import('../live/index.ts');
  for (const [index, run] of runs.entries()) {
    if (run.backend !== 'live') continue;
    options.signal.throwIfAborted();
    const record = await runLive(run.spec, {
      signal: options.signal,
      timeScale: run.timeScale,
      maxLagMs: run.maxLagMs,
      faults: run.faults,
      onProgress: (share) => report(index, Math.min(share, 0.999)),
      ...(options.target === undefined ? {} : { server: options.target }),
    });
    finish(index, record);
  }
}
