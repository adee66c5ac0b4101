import { Command } from 'commander';
import type { CalibrateCommandOptions } from './calibrate-action.ts';
import type { CommandFactory } from './command-factory.ts';
import { wholeNumber } from './options.ts';

export const calibrateCommand: CommandFactory = () =>
  new Command('calibrate')
    .description('measures what requests cost the bundled server here: bytes and processor time')
    .option('--no-tls', 'clear text instead of TLS')
    .option('--http2', 'HTTP/2 instead of HTTP/1.1, for the bytes; service times stay those of HTTP/1.1')
    .option('--object-bytes <n>', 'size of the objects', wholeNumber(400, 1_000_000), 1102)
    .option('--seconds <n>', 'time for each kind of request', wholeNumber(1, 600), 2)
    .option(
      '--idle',
      'also what things cost at the pace of fleets and after idle time, in about three quarters of an hour; a profile with it is simulated event by event',
    )
    .option('--out <folder>', 'writes wire/NAME.yaml and servers/NAME.yaml there, for use in scenarios')
    .action(async (options: CalibrateCommandOptions) => {
      const { calibrateAction } = await import('./calibrate-action.ts');
      await calibrateAction(options);
    });
