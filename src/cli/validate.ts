import { Command } from 'commander';
import type { CommandFactory } from './command-factory.ts';
import { wholeNumber } from './options.ts';
import type { ValidateCommandOptions } from './validate-action.ts';

export const validateCommand: CommandFactory = (end) =>
  new Command('validate')
    .description('runs the same fleets live and simulated and tells where the simulator is wrong')
    .argument('[scenario]', 'a scenario whose points are compared; the one that ships when left out')
    .option('--only <text>', 'only points whose label has this text')
    .option('--seconds <n>', 'time to measure each kind of request', wholeNumber(1, 600), 2)
    .option('--json', 'one line of JSON for each figure')
    .addHelpText(
      'after',
      '\nWhat the server costs is measured anew, by turns with the points: of the scenario that ships in\nabout an hour and a half, with nothing else on the machine. The gap is known to ±, by how\nmuch it differs between its 10 runs of each point, but those in which something else had the machine\nfor some seconds: 1.4 times as dear as others of the round. What collections of its\nheap cost a server is divided among its points as their work is. Ctrl-C prints the table of the runs\nso far.\nExit codes: 0 everything agrees, 1 something differs, 3 a run was not valid, as the machine that\nmakes the load fell behind, 130 interrupted',
    )
    .action(async (scenario: string | undefined, options: ValidateCommandOptions) => {
      const { validateAction } = await import('./validate-action.ts');
      end(await validateAction(scenario, options));
    });
