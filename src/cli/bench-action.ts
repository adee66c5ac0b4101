import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkOut, interleave, type Side } from '../bench/index.ts';
import { compareResults } from '../results/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { printComparison, type ComparisonFormat } from './compare-action.ts';
import { interruption } from './interruption.ts';
import { note } from './output.ts';

export interface BenchCommandOptions {
  readonly against: string;
  readonly users?: string;
  readonly pairs: number;
  readonly format: ComparisonFormat;
}

const here = fileURLToPath(new URL('../..', import.meta.url));

/** Runs interleaved pairs and prints the comparison; gives the exit code of the verdict. */
export async function bench(scenario: string, options: BenchCommandOptions): Promise<number> {
  using interrupt = interruption();
  await using stack = new AsyncDisposableStack();
  const base = await baseSide(options, stack);
  const head: Side = { name: 'head', folder: here, args: [] };
  const results = await interleave(base, head, {
    scenario: resolve(scenario),
    pairs: options.pairs,
    signal: interrupt.signal,
    onRun: (side, pair) => note(`pair ${pair} of ${options.pairs}: ${side.name}`),
  });
  // Both sides ran here and now, so they are of one machine; the scenario may differ in what a version fills in.
  return printComparison(compareResults(results.base, results.head, { force: true }), options.format);
}

async function baseSide({ against, users }: BenchCommandOptions, stack: AsyncDisposableStack): Promise<Side> {
  if (!/^https?:\/\//.test(against)) {
    const checkout = stack.use(await checkOut(here, against));
    return { name: 'base', folder: checkout.folder, args: [] };
  }
  if (users === undefined) {
    throw new DavpulseError(
      'DAVPULSE_OPTION_INVALID',
      '--against URL needs --users FILE with the accounts to use',
    );
  }
  return { name: 'base', folder: here, args: ['--target', against, '--users', resolve(users)] };
}
