import type { MessagePort } from 'node:worker_threads';
import {
  planRun,
  simulate,
  simulateBlocks,
  type BlockRecord,
  type RunPlan,
  type RunRecord,
  type RunSpec,
  type SimulateOptions,
} from '../../sim/index.ts';
import type { RunProgress } from './progress.ts';

/** What the pool hands to a worker: a run, how to compute it, and where to report how far it is. */
export interface SimTask {
  readonly spec: RunSpec;
  readonly mode: NonNullable<SimulateOptions['mode']>;
  readonly port: MessagePort;
}

/** Some blocks of a run that is divided: `from` to `to` - 1. */
export interface BlockTask extends Omit<SimTask, 'mode'> {
  readonly from: number;
  readonly to: number;
}

/** The worker thread's entries. One simulated run: */
export default function runTask({ spec, mode, port }: SimTask): RunRecord {
  const record = simulate(spec, { mode, onProgress: reportTo(port, spec) });
  port.close();
  return record;
}

/** How a run can be made. */
export const plan = ({ spec, mode }: Omit<SimTask, 'port'>): RunPlan => planRun(spec, { mode });

/** Blocks of a run. */
export function runBlocks({ spec, from, to, port }: BlockTask): BlockRecord[] {
  const records = simulateBlocks(spec, from, to, { onProgress: reportTo(port, spec) });
  port.close();
  return records;
}

const reportTo =
  (port: MessagePort, { warmUpMs, durationMs }: RunSpec) =>
  (simulatedMs: number, events: number): void => {
    const progress: RunProgress = { share: Math.min(1, simulatedMs / (warmUpMs + durationMs)), events };
    port.postMessage(progress);
  };
