import { join, relative } from 'node:path';
import { Command, Option } from 'commander';
import { DavpulseError, exitCodes } from '../errors/index.ts';
import { renderTable, writeReport } from '../report/index.ts';
import {
  formatResultFile,
  machineFingerprint,
  resultSchema,
  writeResultFile,
  type ResultFile,
} from '../results/index.ts';
import { estimateContacts, runStudy, type StudyOutcome } from '../run/index.ts';
import { loadStudy, type Overrides, type Study } from '../scenario/index.ts';
import { interruption } from './interruption.ts';
import { parseSeeds, parseSetting, readAccounts, wholeNumber } from './options.ts';
import { note, print } from './output.ts';
import { progressDisplay } from './progress-display.ts';
import type { CommandFactory } from './program.ts';
import { reportFailure } from './report-failure.ts';
import { runVerdict } from './run-verdict.ts';
import { packageVersion } from './version.ts';

interface RunCommandOptions {
  readonly backend?: 'sim' | 'live' | 'both';
  readonly out?: string;
  readonly seed?: number[];
  readonly set?: NonNullable<Overrides['set']>;
  readonly workers?: number;
  readonly json?: true;
  readonly target?: string;
  readonly users?: string;
}

export const runCommand: CommandFactory = (end) =>
  new Command('run')
    .description('runs a scenario or study and writes its results and report')
    .argument('<scenario>', 'a scenario or study file (YAML)')
    .addOption(
      new Option('--backend <backend>', 'overrides the backend of every scenario').choices([
        'sim',
        'live',
        'both',
      ]),
    )
    .option('--out <folder>', 'where results go (default: out/NAME)')
    .option('--seed <seeds>', 'overrides the seeds: 7 or 1,2,3', parseSeeds)
    .option('--set <path=value>', 'overrides a field in every scenario, repeatable: users=500', parseSetting)
    .option(
      '--workers <n>',
      'threads that simulate (default: all cores; the result is the same)',
      wholeNumber(1, 256),
    )
    .option('--target <url>', 'a CalDAV server to drive instead of the bundled one (live backend)')
    .option('--users <file>', "the target's accounts: a file with a line name,password for each")
    .option('--json', 'prints the result record instead of tables')
    .action(async (file: string, options: RunCommandOptions) => {
      end(await run(file, options));
    });

async function run(file: string, options: RunCommandOptions): Promise<number> {
  const study = loadStudy(file, {
    ...(options.backend === undefined ? {} : { backend: options.backend }),
    ...(options.seed === undefined ? {} : { seeds: options.seed }),
    ...(options.set === undefined ? {} : { set: options.set }),
  });
  const out = options.out ?? join('out', study.name);
  note(`${study.title}: ${study.runs.length} runs`);
  const startedAt = new Date();
  const outcome = await runWithDisplay(study, options);
  const result = resultOf(study, outcome, startedAt);
  if (outcome.records.length > 0) await keep(result, out, options.json === true);
  if ('error' in outcome) {
    const code = reportFailure(outcome.error);
    note(
      `${outcome.records.length} of ${study.runs.length} runs were finished${outcome.records.length > 0 ? ' and kept' : ''}`,
    );
    return code;
  }
  return runVerdict(result.runs, note) ? exitCodes.done : exitCodes.badVerdict;
}

async function runWithDisplay(study: Study, options: RunCommandOptions): Promise<StudyOutcome> {
  using interrupt = interruption();
  const display = progressDisplay(process.stderr);
  const target = targetOf(options);
  const outcome = await runStudy(study, {
    signal: interrupt.signal,
    onProgress: (progress) => display.update(progress),
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    ...(target === undefined ? {} : { target }),
  });
  display.clear();
  return outcome;
}

function targetOf({ target, users }: RunCommandOptions) {
  if (target === undefined) return undefined;
  if (users === undefined) {
    throw new DavpulseError(
      'DAVPULSE_OPTION_INVALID',
      '--target needs --users FILE with the accounts to use',
    );
  }
  return { url: target, users: readAccounts(users) };
}

function resultOf(study: Study, outcome: StudyOutcome, startedAt: Date): ResultFile {
  const durationMs = Date.now() - startedAt.getTime();
  const contacts = outcome.records
    .filter(({ backend }) => backend === 'sim')
    .reduce((sum, { spec }) => sum + estimateContacts(spec), 0);
  return {
    schema: resultSchema,
    name: study.name,
    title: study.title,
    question: study.question,
    made: {
      startedAt: startedAt.toISOString(),
      durationMs,
      davpulse: packageVersion(),
      command: ['davpulse', ...process.argv.slice(2)].join(' '),
      node: process.version,
      machine: machineFingerprint(),
      notes: { 'contacts simulated, about': Math.round(contacts) },
    },
    source: study.text,
    runs: outcome.records,
  };
}

async function keep(result: ResultFile, out: string, asJson: boolean): Promise<void> {
  await writeResultFile(join(out, 'results.json'), result);
  await writeReport(result, out);
  if (asJson) print(formatResultFile(result).trimEnd());
  else print(renderTable(result));
  note(`results and report: ${relative(process.cwd(), join(out, 'report.html')) || out}`);
}
