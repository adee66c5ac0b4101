import { availableParallelism } from 'node:os';
import type { RunRecord, RunSpec } from '../../sim/index.ts';
import type { PlannedRun, Study } from '../scenario/index.ts';
import type { LiveSample, LiveServer } from '../live/index.ts';
import { ProgressMeter, type Progress, type RunProgress } from './progress.ts';
import type { SimTask } from './sim-worker.ts';
import { simulateRuns } from './simulate-runs.ts';

export interface RunOptions {
  /** Ends the study early; what is finished by then is kept, and what simulated runs have come to. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Threads that simulate; all cores by default. The result does not depend on it. */
  readonly workers?: number;
  /** How simulated runs are computed; `auto` takes a shortcut where it is exact. */
  readonly mode?: SimTask['mode'];
  /** A server to drive instead of the bundled one. */
  readonly target?: LiveTarget;
  /** Where devices of live runs that fail leave what they said last. */
  readonly transcriptFolder?: string;
  /** Where live devices keep what they know for the next run. */
  readonly stateFolder?: string;
  /** Told once a second how a live run does. */
  readonly onSample?: (sample: LiveSample) => void;
}

/** A CalDAV server that is running already. */
export type LiveTarget = LiveServer;

export interface StudyOutcome {
  /** The finished runs in the order of the plan, each with its place there. */
  readonly finished: readonly PlacedRecord[];
  /** Simulated runs that were under way when the study ended, each of the time that it had simulated. */
  readonly cutShort: readonly PlacedRecord[];
  /** Time that the simulated runs took together, all workers at once, ms. */
  readonly simulatedForMs: number;
  /** Why the study ended before its last run, if it did. */
  readonly error?: unknown;
}

interface PlacedRecord {
  readonly index: number;
  readonly record: RunRecord;
}

/** Makes every run of a study: the simulated ones on all cores, then the live ones one by one with the machine to themselves. */
export async function runStudy(study: Study, options: RunOptions): Promise<StudyOutcome> {
  const workers = options.workers ?? availableParallelism();
  const meter = new ProgressMeter(study.runs, workers, () => performance.now());
  const report: Report = (index, progress) => options.onProgress?.(meter.report(index, progress));
  const records = new Map<number, RunRecord>();
  const finish = (index: number, record: RunRecord): void => {
    records.set(index, record);
    const run = study.runs[index];
    if (run !== undefined && !isCutShort(record, run.spec)) report(index, { share: 1 });
  };
  const outcome = (): StudyOutcome => {
    const placed = study.runs.flatMap(({ index, spec }, place) => {
      const record = records.get(place);
      return record === undefined ? [] : [{ index, record, isCut: isCutShort(record, spec) }];
    });
    return {
      finished: placed.filter(({ isCut }) => !isCut),
      cutShort: placed.filter(({ isCut }) => isCut),
      simulatedForMs: meter.simulatedForMs,
    };
  };
  try {
    meter.simulationStarts();
    const { signal, mode = 'auto' } = options;
    await simulateRuns(study.runs, { workers, mode, signal, report, finish });
    // Runs that were cut short came to an end without an error.
    signal.throwIfAborted();
    meter.simulationEnds();
    await liveAll(study.runs, options, report, finish);
  } catch (error) {
    return { ...outcome(), error };
  }
  return outcome();
}

const isCutShort = ({ backend, spec }: RunRecord, planned: RunSpec): boolean =>
  backend === 'sim' && spec.durationMs < planned.durationMs;

type Report = (index: number, progress: RunProgress) => void;
type Finish = (index: number, record: RunRecord) => void;

async function liveAll(
  runs: readonly PlannedRun[],
  options: RunOptions,
  report: Report,
  finish: Finish,
): Promise<void> {
  if (!runs.some(({ backend }) => backend === 'live')) return;
  const { formatSample, runLive } = await import('../live/index.ts');
  for (const [index, run] of runs.entries()) {
    if (run.backend !== 'live') continue;
    options.signal.throwIfAborted();
    let doing: string | undefined;
    const record = await runLive(run.spec, {
      signal: options.signal,
      timeScale: run.timeScale,
      maxLagMs: run.maxLagMs,
      faults: run.faults,
      onProgress: (share) =>
        report(index, { share: Math.min(share, 0.999), ...(doing === undefined ? {} : { doing }) }),
      onSample: (sample) => {
        doing = formatSample(sample);
        options.onSample?.(sample);
      },
      ...(options.target === undefined ? {} : { server: options.target }),
      ...(options.transcriptFolder === undefined ? {} : { transcriptFolder: options.transcriptFolder }),
      ...(options.stateFolder === undefined ? {} : { stateFolder: options.stateFolder }),
    });
    finish(index, record);
  }
}
