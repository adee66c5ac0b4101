import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkOut, interleave, sideBySide, type Side } from '../bench/index.ts';
import { DavpulseError } from '../errors/index.ts';
import type { LiveServer } from '../live/index.ts';
import { compareResults, type ComparedResults, type ResultFile } from '../results/index.ts';
import { loadStudy } from '../scenario/index.ts';
import { printComparison, type ComparisonFormat } from './compare-action.ts';
import { interruption } from './interruption.ts';
import { readAccounts } from './options.ts';
import { note } from './output.ts';
import { resultOf } from './result-of.ts';

export interface BenchCommandOptions {
  readonly against: string;
  readonly users?: string;
  readonly againstPid?: number;
  readonly iOwnThisServer?: true;
  readonly pairs: number;
  readonly inTurn?: true;
  readonly format: ComparisonFormat;
}

const here = fileURLToPath(new URL('../..', import.meta.url));
const head: Side = { name: 'head', folder: here, args: [] };

/** Measures this version and another in pairs and prints the comparison; gives the exit code of the verdict. */
export async function bench(scenario: string, options: BenchCommandOptions): Promise<number> {
  using interrupt = interruption();
  await using stack = new AsyncDisposableStack();
  const measure = options.inTurn === true ? inTurn : atOnce;
  return printComparison(
    await measure(scenario, options, { signal: interrupt.signal, stack }),
    options.format,
  );
}

interface Context {
  readonly signal: AbortSignal;
  readonly stack: AsyncDisposableStack;
}

/** Both servers at the same time, driven by the clients of this version. */
async function atOnce(
  scenario: string,
  options: BenchCommandOptions,
  { signal, stack }: Context,
): Promise<ComparedResults> {
  const startedAt = new Date();
  const study = loadStudy(scenario, { backend: 'live' });
  const base = isUrl(options.against) ? givenServer(options) : await checkedOut(options.against, stack);
  const runs = await sideBySide(base, head, {
    study,
    pairs: options.pairs,
    signal,
    onPair: (pair) => note(`pair ${pair} of ${options.pairs}`),
  });
  const result = (records: ResultFile['runs']) =>
    resultOf(study, records, { startedAt, command: 'davpulse bench' });
  return compareResults(result(runs.base), result(runs.head), { force: true, sideBySide: true });
}

/** One after the other, each version with its own server and clients. */
async function inTurn(
  scenario: string,
  options: BenchCommandOptions,
  { signal, stack }: Context,
): Promise<ComparedResults> {
  const base = isUrl(options.against)
    ? { ...head, name: 'base' as const, args: targetArguments(options) }
    : await checkedOut(options.against, stack);
  const results = await interleave(base, head, {
    scenario: resolve(scenario),
    pairs: options.pairs,
    signal,
    onRun: (side, pair) => note(`pair ${pair} of ${options.pairs}: ${side.name}`),
  });
  // Both sides ran here and now, so they are of one machine; the scenario may differ in what a version fills in.
  return compareResults(results.base, results.head, { force: true });
}

const isUrl = (against: string): boolean => /^https?:\/\//.test(against);

async function checkedOut(ref: string, stack: AsyncDisposableStack): Promise<Side> {
  const { folder } = stack.use(await checkOut(here, ref));
  return { name: 'base', folder, args: [] };
}

function accountsOf({ users }: BenchCommandOptions): string {
  if (users !== undefined) return users;
  throw new DavpulseError(
    'DAVPULSE_OPTION_INVALID',
    '--against URL needs --users FILE with the accounts to use',
  );
}

const givenServer = (options: BenchCommandOptions): LiveServer => ({
  url: options.against,
  users: readAccounts(accountsOf(options)),
  isOwn: options.iOwnThisServer === true,
  ...(options.againstPid !== undefined && { pid: options.againstPid }),
});

const targetArguments = (options: BenchCommandOptions): string[] => [
  '--target',
  options.against,
  '--users',
  resolve(accountsOf(options)),
  ...(options.againstPid === undefined ? [] : ['--target-pid', String(options.againstPid)]),
  ...(options.iOwnThisServer === true ? ['--i-own-this-server'] : []),
];
