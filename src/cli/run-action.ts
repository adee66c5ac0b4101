import { join, relative } from 'node:path';
import type { SimulationMode } from '../../sim/index.ts';
import { DavpulseError, exitCodes } from '../errors/index.ts';
import type { WatchPage } from '../live/index.ts';
import { writeReport } from '../report/index.ts';
import {
  ensureWritable,
  formatResultFile,
  writeResultFile,
  type PrecisionGoal,
  type ResultFile,
} from '../results/index.ts';
import {
  estimateStudyMs,
  refuseTooLarge,
  runStudy,
  runToPrecision,
  type LiveTarget,
  type StudyOutcome,
} from '../run/index.ts';
import { loadStudy, type Overrides, type Study } from '../scenario/index.ts';
import { interruption } from './interruption.ts';
import type { Shard } from './options.ts';
import { formatTime } from './format-time.ts';
import { note, print } from './output.ts';
import { planTable } from './plan-table.ts';
import { progressDisplay } from './progress-display.ts';
import { reportFailure } from './report-failure.ts';
import { runVerdict, sayUnseen, thresholdVerdict } from './run-verdict.ts';
import { refuseIdleOptions } from './refuse-idle-options.ts';
import { refuseLive } from './refuse-live.ts';
import { refuseMode } from './refuse-mode.ts';
import { showResult } from './show-result.ts';
import { describeSpeed, speedNotes } from './speed-notes.ts';
import { targetOf, type TargetOptions } from './target-option.ts';
import { resultOf } from './result-of.ts';

export interface RunCommandOptions extends TargetOptions {
  readonly backend?: 'sim' | 'live' | 'both';
  readonly out?: string;
  readonly seed?: number[];
  readonly set?: NonNullable<Overrides['set']>;
  readonly workers?: number;
  readonly mode?: SimulationMode | 'auto';
  readonly shard?: Shard;
  readonly precision?: PrecisionGoal;
  readonly maxSeeds: number;
  readonly dryRun?: true;
  readonly json?: true;
  readonly watch?: number | true;
  readonly keepState?: string;
}

/** Runs a scenario or study file and writes its results; gives the exit code. */
export async function run(file: string, options: RunCommandOptions): Promise<number> {
  const load = (seeds = options.seed): Study =>
    loadStudy(file, {
      ...(options.backend === undefined ? {} : { backend: options.backend }),
      ...(seeds === undefined ? {} : { seeds }),
      ...(options.set === undefined ? {} : { set: options.set }),
    });
  if (options.precision !== undefined && options.shard !== undefined) {
    throw new DavpulseError(
      'DAVPULSE_OPTION_INVALID',
      '--precision decides which runs to make, so it cannot go with --shard',
    );
  }
  const whole = load();
  const study = options.shard === undefined ? whole : takeShard(whole, options.shard);
  refuseIdleOptions(study.runs, options);
  refuseTooLarge(study.runs);
  if (options.mode !== undefined) refuseMode(study.runs, options.mode);
  const target = targetOf(options);
  await refuseLive(study.runs, target);
  const out = options.out ?? join('out', folderOf(study.name, options.shard));
  note(
    `${study.title}: ${study.runs.length} ${study.runs.length === 1 ? 'run' : 'runs'}, about ${formatTime(estimateStudyMs(study.runs, options))}`,
  );
  if (options.dryRun === true) {
    print(planTable(study.runs));
    return exitCodes.done;
  }
  await ensureWritable(out);
  const startedAt = new Date();
  // Until the results are written, so that Ctrl-C cannot cut them off.
  using interrupt = interruption();
  const made = (some: Study): Promise<StudyOutcome> =>
    runWithDisplay(some, options, target, join(out, 'transcripts'), interrupt.signal);
  const { study: planned, outcome } =
    options.precision === undefined
      ? { study: whole, outcome: await made(study) }
      : await runToPrecision({
          goal: options.precision,
          budgetSeeds: options.maxSeeds,
          studyOf: (seeds) => load([...seeds]),
          run: made,
          say: note,
        });
  const result = outcomeOf(planned, outcome, startedAt);
  const hasSpeed = outcome.simulatedForMs > 0 && result.runs.some(({ backend }) => backend === 'sim');
  if (hasSpeed) note(describeSpeed(result.runs, outcome.simulatedForMs));
  if (result.runs.length > 0) await keep(result, out, options.json === true);
  if ('error' in outcome) {
    const code = reportFailure(outcome.error);
    note(whatIsKept(outcome, study.runs.length));
    return code;
  }
  sayUnseen(result.runs, note);
  if (!runVerdict(result.runs, note)) return exitCodes.badVerdict;
  return thresholdVerdict(result, note) ? exitCodes.done : exitCodes.badVerdict;
}

function whatIsKept({ finished, cutShort }: StudyOutcome, planned: number): string {
  const [cut] = cutShort;
  if (finished.length > 0 || cut === undefined) {
    return `${finished.length} of ${planned} runs were finished${finished.length > 0 ? ' and kept' : ''}`;
  }
  const simulated = formatTime(cut.record.countedMs);
  return cutShort.length === 1
    ? `no run was finished; the one that was under way is kept as a run of ${simulated}`
    : `no run was finished; the ${cutShort.length} that were under way are kept as they were, the first as a run of ${simulated}`;
}

const takeShard = (study: Study, { part, of }: Shard): Study => ({
  ...study,
  runs: study.runs.filter(({ index }) => index % of === part - 1),
});

/** Shares that one machine makes in turn do not overwrite each other. */
const folderOf = (name: string, shard: Shard | undefined): string =>
  shard === undefined ? name : `${name}-${shard.part}-of-${shard.of}`;

async function runWithDisplay(
  study: Study,
  options: RunCommandOptions,
  target: LiveTarget | undefined,
  transcriptFolder: string,
  signal: AbortSignal,
): Promise<StudyOutcome> {
  const display = progressDisplay(process.stderr);
  const page = await watchPage(options);
  const outcome = await runStudy(study, {
    signal,
    transcriptFolder,
    ...(page === undefined ? {} : { onSample: (sample) => page.publish(sample) }),
    onProgress: (progress) => display.update(progress),
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    ...(options.mode === undefined ? {} : { mode: options.mode }),
    ...(target === undefined ? {} : { target }),
    ...(options.keepState === undefined ? {} : { stateFolder: options.keepState }),
  });
  display.clear();
  page?.close();
  return outcome;
}

async function watchPage({ watch }: RunCommandOptions): Promise<WatchPage | undefined> {
  if (watch === undefined) return undefined;
  const { openWatchPage } = await import('../live/index.ts');
  const page = await openWatchPage(watch === true ? 0 : watch);
  note(`watch: ${page.url}`);
  return page;
}

function outcomeOf(study: Study, outcome: StudyOutcome, startedAt: Date): ResultFile {
  // Runs of another length would not be replications of those that were finished.
  const isCut = outcome.finished.length === 0 && outcome.cutShort.length > 0;
  const made = isCut ? outcome.cutShort : outcome.finished;
  const runs = made.map(({ record }) => record);
  const command = ['davpulse', ...process.argv.slice(2)].join(' ');
  const notes = speedNotes(runs, outcome.simulatedForMs);
  return {
    ...resultOf(study, runs, { startedAt, command, notes }),
    ...(study.thresholds.length === 0 ? {} : { thresholds: study.thresholds }),
    ...(runs.length === study.runs.length && !isCut
      ? {}
      : {
          part: {
            indices: made.map(({ index }) => index),
            of: study.runs.length,
            ...(isCut && { cutShort: isCut }),
          },
        }),
  };
}

/** Shows what was found out also where it cannot be written, as on a full disk. */
async function keep(result: ResultFile, out: string, asJson: boolean): Promise<void> {
  try {
    await writeResultFile(join(out, 'results.json'), result);
  } finally {
    if (asJson) print(formatResultFile(result).trimEnd());
    else showResult(result);
  }
  await writeReport(result, out);
  note(`results and report: ${relative(process.cwd(), join(out, 'report.html')) || out}`);
}
