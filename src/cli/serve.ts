import { Command } from 'commander';
import { addOrigin, parseAccount, wholeNumber } from './options.ts';
import type { CommandFactory } from './command-factory.ts';
import { parsePacing } from './pacing-option.ts';
import { parseShare } from './share-options.ts';
import type { ServeOptions } from './serve-action.ts';

export const serveCommand: CommandFactory = () =>
  new Command('serve')
    .description('runs the CalDAV and CardDAV server with push')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 5232)
    .option('--db <file>', 'where the data is kept; :memory: keeps nothing', ':memory:')
    .option('--user <name:password>', 'an account, repeatable', parseAccount)
    .option('--users <file>', 'accounts: a file with a line name,password for each')
    .option(
      '--share <owner/collection:user:access>',
      'shows a collection to another user, read or read-write; repeatable',
      parseShare,
    )
    .option('--shares <file>', 'shares: a file with one in each line')
    .option('--log', 'writes one line of JSON for each request to standard error')
    .option(
      '--accept-queue <n>',
      'answers 503 with Retry-After to a request that finds this many waiting',
      wholeNumber(1, 1_000_000),
    )
    .option('--retry-after <s>', 'seconds to ask for with it', wholeNumber(1, 86_400), 30)
    .option(
      '--refresh-interval <list>',
      'the interval clients are asked to keep, by load: 5min, or 0=5min,0.7=30min',
      parsePacing,
    )
    .option('--no-tls', 'clear text, for loopback')
    .option('--tls-cert <file>', 'certificate chain (PEM); without one a self-signed one is made')
    .option('--tls-key <file>', 'private key of the certificate (PEM)')
    .option(
      '--push-policy <yaml>',
      'when push messages are sent, as in a scenario',
      '{ kind: window, window: 3 s }',
    )
    .option('--allow-loopback-push', 'lets push endpoints be on this machine and in clear text')
    .option('--push-origin <url>', 'push endpoints may have this origin only; repeatable', addOrigin)
    .option('--strict-push', 'refuses registrations that leave out what the draft requires')
    .option('--apple-push <file>', "settings of Apple's push (YAML); see below")
    .option('--rotate-push-keys', 'tells every client that the VAPID keys change, and changes them')
    .option('--with-push-service', 'runs the bundled push service too')
    .option('--push-service-db <file>', 'where its subscriptions are kept', ':memory:')
    .option('--push-service-port <n>', 'its port; 0 takes a free one', wholeNumber(0, 65_535), 0)
    .addHelpText(
      'after',
      `
Principals are at /principals/NAME/, calendar homes at /calendars/NAME/, address book homes at
/addressbooks/NAME/. A new user has the calendar "calendar", the task list "tasks" and the address
book "addressbook". One line with the URL is printed when the server is ready; SIGTERM stops it.

The interval of --refresh-interval is the property refreshrate of calendars, address books and homes
(a duration such as PT300S); the load is measured over a minute, and between two loads the interval
lies on a line. The simulator has the same as server.accept and server.pacing.

The file for --apple-push holds gateway (an origin), bundleId, environment (PRODUCTION or SANDBOX),
teamId, keyId and privateKey (a PEM file with the P-256 key).`,
    )
    .action(async (options: ServeOptions) => {
      const { serve } = await import('./serve-action.ts');
      await serve(options);
    });
