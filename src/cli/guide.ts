import { Command } from 'commander';
import type { CommandFactory } from './command-factory.ts';
import type { GuideCommandOptions } from './guide-action.ts';

export const guideCommand: CommandFactory = (end) =>
  new Command('guide')
    .description('runs the studies of the implementation guide and writes the guide from their results')
    .option('--out <folder>', 'where the guide (in guide/) and the page of seven things go', 'reports')
    .option('--quick', 'fewer seeds: about half the time of the full run')
    .option('--from-data', 'writes the guide again from the results that are there, and runs nothing')
    .addHelpText(
      'after',
      `
Chapters 1, 3 and 5 also run small fleets as real traffic against the bundled server, beside the same
fleets simulated: about three of the minutes that the whole takes, with nothing else on the machine.`,
    )
    .action(async (options: GuideCommandOptions) => {
      const { guide } = await import('./guide-action.ts');
      end(await guide(options));
    });
