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

/** What the pool hands to a worker: a run, how to compute it, where to report how far it is, and whether to stop: 1 tells so. */
export interface SimTask {
  readonly spec: RunSpec;
  readonly mode: NonNullable<SimulateOptions['mode']>;
  readonly port: MessagePort;
  readonly stop: Int32Array;
}

/** Some blocks of a run that is divided: `from` to `to` - 1. */
export interface BlockTask extends Omit<SimTask, 'mode'> {
  readonly from: number;
  readonly to: number;
}

/** The worker thread's entries. One simulated run: */
export default function runTask(task: SimTask): RunRecord {
  return watched(task, (onlooker) => simulate(task.spec, { mode: task.mode, ...onlooker }));
}

/** How a run can be made. */
export const plan = ({ spec, mode }: Pick<SimTask, 'spec' | 'mode'>): RunPlan => planRun(spec, { mode });

/** Blocks of a run. */
export function runBlocks(task: BlockTask): BlockRecord[] {
  return watched(task, (onlooker) => simulateBlocks(task.spec, task.from, task.to, onlooker));
}

function watched<Result>(
  { spec, port, stop }: BlockTask | SimTask,
  work: (onlooker: Pick<SimulateOptions, 'onProgress' | 'shouldStop'>) => Result,
): Result {
  const shouldStop = (): boolean => Atomics.load(stop, 0) === 1;
  if (shouldStop()) throw new DOMException('told to stop before it began', 'AbortError');
  const result = work({ onProgress: reportTo(port, spec), shouldStop });
  port.close();
  return result;
}

const reportTo =
  (port: MessagePort, { warmUpMs, durationMs }: RunSpec) =>
  (simulatedMs: number, events: number): void => {
    const progress: RunProgress = { share: Math.min(1, simulatedMs / (warmUpMs + durationMs)), events };
    port.postMessage(progress);
  };
