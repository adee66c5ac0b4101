import { Command } from 'commander';
import type { CapacityCommandOptions } from './capacity-action.ts';
import type { CommandFactory } from './command-factory.ts';
import { wholeNumber } from './options.ts';

export const capacityCommand: CommandFactory = () =>
  new Command('capacity')
    .description('loads the bundled server until more clients bring no more, and fits the law it follows')
    .option('--tls', 'over TLS')
    .option('--object-bytes <n>', 'size of the objects', wholeNumber(400, 1_000_000), 1102)
    .option('--seconds <n>', 'time on each rung of the ladder', wholeNumber(1, 600), 3)
    .option('--json', 'one line of JSON for each kind of request')
    .addHelpText(
      'after',
      `
A closed loop for each kind of request: 1 to 32 connections that ask without a pause. Latencies of a closed
loop say nothing about a given rate of users; davpulse run measures those.`,
    )
    .action(async (options: CapacityCommandOptions) => {
      const { capacityAction } = await import('./capacity-action.ts');
      await capacityAction(options);
    });
