import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandFactory } from './command-factory.ts';
import type { CompareCommandOptions } from './compare-action.ts';

export const compareCommand: CommandFactory = (end) =>
  new Command('compare')
    .description('tells whether a result is better or worse than a base, metric by metric')
    .argument('<base>', 'results.json to compare with, or a k6 summary')
    .argument('<head>', 'results.json to judge, or a k6 summary')
    .addOption(
      new Option('--format <format>', 'what to print')
        .choices(['table', 'markdown', 'junit', 'json'])
        .default('table'),
    )
    .option('--metric <id>', 'compares this metric only, repeatable', collect)
    .option('--floor <share>', 'smallest change of a live metric that counts: 2%', share)
    .option('--force', 'compares results of different scenarios or machines all the same')
    .addHelpText('after', '\nExit codes: 0 nothing is worse, 1 something is worse, 3 cannot tell')
    .action(async (base: string, head: string, options: CompareCommandOptions) => {
      const { compare } = await import('./compare-action.ts');
      end(await compare(base, head, options));
    });

/** `2%` or `0.02`. */
function share(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (!(value >= 0 && value < 1) || text.trim() === '')
    throw new InvalidArgumentError('expected a share: 2% or 0.02.');
  return value;
}

const collect = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value];
