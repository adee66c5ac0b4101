import type { MessagePort } from 'node:worker_threads';
import { simulate, type RunRecord, type RunSpec, type SimulateOptions } from '../../sim/index.ts';
import type { RunProgress } from './progress.ts';

/** What the pool hands to a worker: a run, how to compute it, and where to report how far it is. */
export interface SimTask {
  readonly spec: RunSpec;
  readonly mode: NonNullable<SimulateOptions['mode']>;
  readonly port: MessagePort;
}

/** The worker thread's entry: one simulated run. */
export default function runTask({ spec, mode, port }: SimTask): RunRecord {
  const totalMs = spec.warmUpMs + spec.durationMs;
  const record = simulate(spec, {
    mode,
    onProgress: (simulatedMs, events) => {
      const progress: RunProgress = { share: Math.min(1, simulatedMs / totalMs), events };
      port.postMessage(progress);
    },
  });
  port.close();
  return record;
}
