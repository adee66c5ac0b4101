import { Command, Option } from 'commander';
import type { BenchCommandOptions } from './bench-action.ts';
import type { CommandFactory } from './command-factory.ts';
import { wholeNumber } from './options.ts';

export const benchCommand: CommandFactory = (end) =>
  new Command('bench')
    .description('runs a scenario live on this version and on another in turn, and tells which is better')
    .argument('<scenario>', 'a scenario or study file (YAML)')
    .requiredOption('--against <ref or url>', 'a git ref of this checkout, or the URL of a running server')
    .option(
      '--users <file>',
      "the other server's accounts, when it is a URL: a file with lines name,password",
    )
    .option('--pairs <n>', 'runs on each side; fewer than 10 rarely tell', wholeNumber(1, 1000), 10)
    .addOption(
      new Option('--format <format>', 'what to print')
        .choices(['table', 'markdown', 'junit', 'json'])
        .default('table'),
    )
    .addHelpText('after', '\nExit codes: 0 nothing is worse, 1 something is worse, 3 cannot tell')
    .action(async (scenario: string, options: BenchCommandOptions) => {
      const { bench } = await import('./bench-action.ts');
      end(await bench(scenario, options));
    });
