import { Command, Option } from 'commander';
import type { CommandFactory } from './command-factory.ts';
import { parseListen } from './conformance-server.ts';
import type { ConformanceCommandOptions } from './conformance-action.ts';
import { wholeNumber } from './options.ts';

export const conformanceCommand: CommandFactory = (end) =>
  new Command('conformance')
    .description(
      'checks a CalDAV or CardDAV server against WebDAV-Push and what it stands on, clause by clause',
    )
    .argument('[url]', 'where the server is; discovery starts there')
    .option('--user <name>', 'the account to work with; only collections made for it are touched')
    .option('--password <password>', 'its password; else the variable DAVPULSE_PASSWORD')
    .option('--other-user <name>', 'a second account, for what one user must not do to another')
    .option('--other-password <password>', 'its password; else the variable DAVPULSE_OTHER_PASSWORD')
    .option('--listen <host[:port]>', 'address that the server can reach, for its push messages', parseListen)
    .option('--public-url <url>', 'how the server reaches it when that differs, as behind a proxy with TLS')
    .option('--wait <seconds>', 'how long a push message may take', wholeNumber(1, 600), 30)
    .option('--insecure', 'accepts any TLS certificate of the server')
    .option('--only <id>', 'runs this check only, repeatable', collect)
    .option('--profile <name|file>', 'known deviations of a named server, where a pass fails as well')
    .addOption(
      new Option('--fail-on <level>', 'what fails the run').choices(['must', 'should']).default('must'),
    )
    .option('--all', 'shows what passed, too')
    .option('--json', 'prints the results as JSON, with all that was sent and received')
    .option('--junit <file>', 'writes the results as JUnit XML')
    .option('--html <file>', 'writes a page with the results')
    .option('--i-own-this-server', 'needed for every server that is not on this machine')
    .option(
      '--push-service <url>',
      'checks a push service: its subscribe URL (the bundled one: http://HOST:PORT/subscribe), or ws(s):// for autopush',
    )
    .option('--bundled', 'checks the bundled server, started for it, instead of one at a URL')
    .option('--strict', 'with --bundled: the server forgives clients nothing')
    .option(
      '--defect <name>',
      'with --bundled: the server has this defect, to see whether the checks find it',
    )
    .option('--list', 'lists the checks, or with --bundled the defects, and ends')
    .addHelpText(
      'after',
      `
Everything that the run makes on the server is removed again, also after Ctrl-C.

Exit codes: 0 every MUST is kept, 1 one is not (or a deviation of the profile was not seen),
2 wrong use, 3 cannot tell, 130 interrupted`,
    )
    .action(async (url: string | undefined, options: ConformanceCommandOptions) => {
      const { conformance } = await import('./conformance-action.ts');
      end(await conformance(url, options));
    });

const collect = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value];
