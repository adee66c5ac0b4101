import { Command } from 'commander';
import type { CommandFactory } from './command-factory.ts';
import { parseListen } from './conformance-server.ts';
import type { DoctorCommandOptions } from './doctor-action.ts';
import { wholeNumber } from './options.ts';

export const doctorCommand: CommandFactory = (end) =>
  new Command('doctor')
    .description('finds out why push from a server does not work, and says what to do')
    .argument('<url>', 'where the server is, as one would tell a client')
    .requiredOption('--user <name>', 'the account to try with')
    .option('--password <password>', 'its password; else the variable DAVPULSE_PASSWORD')
    .option(
      '--listen <host[:port]>',
      'address of this machine that the server can reach',
      parseListen,
      parseListen('127.0.0.1'),
    )
    .option('--public-url <url>', 'how the server reaches it when that differs, as behind a proxy with TLS')
    .option('--wait <seconds>', 'how long to wait for the push message', wholeNumber(1, 600), 30)
    .option('--insecure', 'accepts any TLS certificate')
    .addHelpText(
      'after',
      `
It makes a calendar of its own, subscribes to it, writes one event, waits for the push message, and removes
the calendar again. Exit codes: 0 push works, 1 it does not, 2 wrong use, 130 interrupted`,
    )
    .action(async (url: string, options: DoctorCommandOptions) => {
      const { doctor } = await import('./doctor-action.ts');
      end(await doctor(url, options));
    });
