import { Command } from 'commander';
import type { CapacityCommandOptions } from './capacity-action.ts';
import type { CommandFactory } from './command-factory.ts';
import { wholeNumber } from './options.ts';

export const capacityCommand: CommandFactory = () =>
  new Command('capacity')
    .description('loads a server until it no longer keeps up, and writes the profile that plans rest on')
    .argument('[scenario]', 'the fleet to begin with, its first point; the one that ships when left out')
    .option('--objective <text>', 'what must hold, as thresholds are written', 'service.p99 < 100ms')
    .option('--most-users <n>', 'the largest fleet to try', wholeNumber(1, 100_000), 3200)
    .option('--seconds <n>', 'time on each rung of a ladder and for each kind', wholeNumber(1, 600), 2)
    .option('--out <file>', 'writes the server profile there: server: FILE in a scenario takes it')
    .option('--name <text>', 'name of the profile')
    .option('--target <url>', 'a server that is running; the bundled one is started when left out')
    .option('--users <file>', 'accounts of the target: lines of name,password')
    .option(
      '--target-pid <pid>',
      'its process on this machine, for processor time and memory',
      wholeNumber(1, 4_194_304),
    )
    .option('--workers <n>', 'requests that the target works on at once', wholeNumber(1, 1024), 1)
    .option('--i-own-this-server', 'you may put load on the target, which is not this machine')
    .option('--max-rate <n>', 'requests per second that such a target gets at most', wholeNumber(1, 100_000))
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      `
Each kind of request by a closed loop of 1 to 32 connections that ask without a pause, and the Universal
Scalability Law fitted to it; then a mixed fleet in an open model, doubled until the objective breaks.
Latencies of a closed loop say nothing about a given rate of users; those of the fleet do.`,
    )
    .action(async (scenario: string | undefined, options: CapacityCommandOptions) => {
      const { capacityAction } = await import('./capacity-action.ts');
      await capacityAction(scenario, options);
    });
