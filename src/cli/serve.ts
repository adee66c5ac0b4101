import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { startDavServer } from '../dav/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { createPushEngine, startPushService } from '../push/index.ts';
import { parsePushPolicy } from '../scenario/index.ts';
import { parseAccount, readAccounts, wholeNumber, type Account } from './options.ts';
import { print } from './output.ts';
import type { CommandFactory } from './program.ts';
import { stopSignal } from './stop-signal.ts';

interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly db: string;
  readonly user?: Account[];
  readonly users?: string;
  readonly tls: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly allowLoopbackPush?: true;
  readonly withPushService?: true;
  readonly pushServicePort: number;
  readonly pushPolicy: string;
}

export const serveCommand: CommandFactory = () =>
  new Command('serve')
    .description('runs the CalDAV and CardDAV server with push')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 5232)
    .option('--db <file>', 'where the data is kept; :memory: keeps nothing', ':memory:')
    .option('--user <name:password>', 'an account, repeatable', parseAccount)
    .option('--users <file>', 'accounts: a file with a line name,password for each')
    .option('--no-tls', 'clear text, for loopback')
    .option('--tls-cert <file>', 'certificate chain (PEM); without one a self-signed one is made')
    .option('--tls-key <file>', 'private key of the certificate (PEM)')
    .option(
      '--push-policy <yaml>',
      'when push messages are sent, as in a scenario',
      '{ kind: window, window: 3 s }',
    )
    .option('--allow-loopback-push', 'lets push endpoints be on this machine and in clear text')
    .option('--with-push-service', 'runs the bundled push service too')
    .option('--push-service-port <n>', 'its port; 0 takes a free one', wholeNumber(0, 65_535), 0)
    .addHelpText(
      'after',
      `
Principals are at /principals/NAME/, calendar homes at /calendars/NAME/, address book homes at
/addressbooks/NAME/. A new user has the calendar "calendar", the task list "tasks" and the address
book "addressbook". One line with the URL is printed when the server is ready; SIGTERM stops it.`,
    )
    .action(serve);

async function serve(options: ServeOptions): Promise<void> {
  const users = [
    ...(options.user ?? []),
    ...(options.users === undefined ? [] : readAccounts(options.users)),
  ];
  if (users.length === 0 && options.db === ':memory:') {
    throw new DavpulseError(
      'DAVPULSE_OPTION_INVALID',
      'nobody could log in: give --user NAME:PASSWORD or --users FILE',
    );
  }
  const policy = parsePushPolicy(options.pushPolicy, '--push-policy');
  const tls = tlsOf(options);
  const server = await startDavServer({
    host: options.host,
    port: options.port,
    db: options.db,
    users,
    ...(tls === undefined ? {} : { tls }),
    createPushEngine: (db, host) =>
      createPushEngine({ db, host, policy, allowLoopback: options.allowLoopbackPush === true }),
  });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => server.close());
  print(`davpulse serve: ${server.url}`);
  if (options.withPushService === true) {
    const pushService = await startPushService({ host: options.host, port: options.pushServicePort });
    stack.defer(() => pushService.close());
    print(`davpulse push-service: ${pushService.url}`);
  }
  await stopSignal();
}

function tlsOf({ tls, tlsCert, tlsKey }: ServeOptions) {
  if (!tls) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) return 'self-signed';
  return { cert: readFileSync(tlsCert, 'utf8'), key: readFileSync(tlsKey, 'utf8') };
}
