import { Command, Option } from 'commander';
import type { BenchCommandOptions } from './bench-action.ts';
import type { CommandFactory } from './command-factory.ts';
import { wholeNumber } from './options.ts';

export const benchCommand: CommandFactory = (end) =>
  new Command('bench')
    .description('runs a scenario live on this version and on another, in pairs, and tells which is better')
    .argument('<scenario>', 'a scenario or study file (YAML)')
    .requiredOption('--against <ref or url>', 'a git ref of this checkout, or the URL of a running server')
    .option(
      '--users <file>',
      "the other server's accounts, when it is a URL: a file with lines name,password",
    )
    .option(
      '--against-pid <pid>',
      'process of that server on this machine, whose processor time is then compared',
      wholeNumber(1, 4_194_304),
    )
    .option('--i-own-this-server', 'allows load on a server that is not on this machine')
    .option('--pairs <n>', 'runs on each side; fewer than 10 rarely tell', wholeNumber(1, 1000), 10)
    .option('--in-turn', 'one side after the other, each with its own server and clients')
    .addOption(
      new Option('--format <format>', 'what to print')
        .choices(['table', 'markdown', 'junit', 'json'])
        .default('table'),
    )
    .addHelpText(
      'after',
      `
Both servers run at the same time and get the same requests at the same instants from the clients of
this version, so that whatever else the machine does meets both alike; the processor time per request
("Server work per request") is then the steadiest figure. With --in-turn the versions take turns, each
with its own clients too: use it when the clients have changed.

Exit codes: 0 nothing is worse, 1 something is worse, 3 cannot tell`,
    )
    .action(async (scenario: string, options: BenchCommandOptions) => {
      const { bench } = await import('./bench-action.ts');
      end(await bench(scenario, options));
    });
