import type { MessagePort } from 'node:worker_threads';
import { simulate, type RunRecord, type RunSpec } from '../../sim/index.ts';

/** What the pool hands to a worker: a run, and where to report the share that is done. */
export interface SimTask {
  readonly spec: RunSpec;
  readonly port: MessagePort;
}

/** The worker thread's entry: one simulated run. */
export default function runTask({ spec, port }: SimTask): RunRecord {
  const totalMs = spec.warmUpMs + spec.durationMs;
  const record = simulate(spec, {
    onProgress: (simulatedMs) => port.postMessage(Math.min(1, simulatedMs / totalMs)),
  });
  port.close();
  return record;
}
