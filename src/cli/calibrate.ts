import { Command } from 'commander';
import type { CalibrateCommandOptions } from './calibrate-action.ts';
import type { CommandFactory } from './command-factory.ts';
import { wholeNumber } from './options.ts';

export const calibrateCommand: CommandFactory = () =>
  new Command('calibrate')
    .description('measures what requests cost the bundled server here: bytes and processor time')
    .option('--no-tls', 'clear text instead of TLS')
    .option('--object-bytes <n>', 'size of the objects', wholeNumber(400, 1_000_000), 1102)
    .option('--seconds <n>', 'time for each kind of request', wholeNumber(1, 600), 2)
    .option('--out <folder>', 'writes wire/NAME.yaml and servers/NAME.yaml there, for use in scenarios')
    .action(async (options: CalibrateCommandOptions) => {
      const { calibrateAction } = await import('./calibrate-action.ts');
      await calibrateAction(options);
    });
