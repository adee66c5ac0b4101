import { Command, Option } from 'commander';
import { parsePrecision, parseSeeds, parseSetting, parseShard, wholeNumber } from './options.ts';
import type { CommandFactory } from './command-factory.ts';
import type { RunCommandOptions } from './run-action.ts';

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
    .option('--out <folder>', 'where results go (default: out/NAME, of a shard out/NAME-K-of-N)')
    .option('--seed <seeds>', 'overrides the seeds: 7 or 1,2,3', parseSeeds)
    .option('--set <path=value>', 'overrides a field in every scenario, repeatable: users=500', parseSetting)
    .option(
      '--workers <n>',
      'threads that simulate (default: all cores; the result is the same)',
      wholeNumber(1, 256),
    )
    .option('--target <url>', 'a CalDAV server to drive instead of the bundled one (live backend)')
    .option('--users <file>', "the target's accounts: a file with a line name,password for each")
    .option(
      '--watch [port]',
      'serves a page that follows live runs (default: any free port)',
      wholeNumber(0, 65_535),
    )
    .option(
      '--target-pid <pid>',
      'process of a target on this machine: its processor time and memory, and those of its children, are counted',
      wholeNumber(1, 4_194_304),
    )
    .option(
      '--keep-state <folder>',
      'live devices keep tokens, ETags and subscriptions there, and go on with them in the next run',
    )
    .option('--i-own-this-server', 'you may put load on the target, which is not this machine')
    .option(
      '--max-rate <n>',
      'requests per second that a target beyond this machine gets at most (default: 20)',
      wholeNumber(1, 100_000),
    )
    .addOption(
      new Option(
        '--mode <mode>',
        'how simulated runs are computed (default: auto takes a shortcut where it is exact)',
      ).choices(['auto', 'exact', 'exact-sliced', 'exact-elided', 'expected']),
    )
    .option(
      '--shard <k/n>',
      'makes every n-th run only, from the k-th; davpulse report puts the parts together',
      parseShard,
    )
    .option(
      '--precision <metric=percent>',
      'adds seeds until the 95 % interval of a metric is that narrow: staleness.p95=2%',
      parsePrecision,
    )
    .option('--max-seeds <n>', 'the most seeds that --precision may take', wholeNumber(2, 10_000), 30)
    .option('--dry-run', 'prints the runs and the time they will take, and makes none')
    .option('--json', 'prints the result record instead of tables')
    .action(async (file: string, options: RunCommandOptions) => {
      const { run } = await import('./run-action.ts');
      end(await run(file, options));
    });
