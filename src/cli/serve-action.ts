import { readFileSync } from 'node:fs';
import type { PacingSpec } from '../../sim/index.ts';
import { startDavServer, type ShareOption } from '../dav/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { createPushEngine, lenient, startPushService, strict, type PushEngine } from '../push/index.ts';
import { parsePushPolicy } from '../scenario/index.ts';
import { readAppleSettings } from './apple-settings.ts';
import { leanHeap } from './lean-heap.ts';
import { readAccounts, type Account } from './options.ts';
import { print } from './output.ts';
import { readShares } from './share-options.ts';
import { stopSignal } from './stop-signal.ts';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly db: string;
  readonly user?: Account[];
  readonly users?: string;
  readonly share?: ShareOption[];
  readonly shares?: string;
  readonly log?: true;
  readonly acceptQueue?: number;
  readonly retryAfter: number;
  readonly refreshInterval?: PacingSpec;
  readonly tls: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly allowLoopbackPush?: true;
  readonly withPushService?: true;
  readonly pushServicePort: number;
  readonly pushServiceDb: string;
  readonly pushPolicy: string;
  readonly pushOrigin?: string[];
  readonly strictPush?: true;
  readonly applePush?: string;
  readonly rotatePushKeys?: true;
}

/** Runs the server until it is told to stop. */
export async function serve(options: ServeOptions): Promise<void> {
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
  const shares = [
    ...(options.share ?? []),
    ...(options.shares === undefined ? [] : readShares(options.shares)),
  ];
  const policy = parsePushPolicy(options.pushPolicy, '--push-policy');
  const tls = tlsOf(options);
  const apple = options.applePush === undefined ? undefined : readAppleSettings(options.applePush);
  let engine: PushEngine | undefined;
  const server = await startDavServer({
    host: options.host,
    port: options.port,
    db: options.db,
    users,
    shares,
    ...(options.log === true ? { log: (line) => process.stderr.write(`${line}\n`) } : {}),
    ...(options.acceptQueue === undefined
      ? {}
      : { accept: { queue: options.acceptQueue, retryAfterMs: options.retryAfter * 1000 } }),
    ...(options.refreshInterval === undefined ? {} : { pacing: options.refreshInterval }),
    ...(tls === undefined ? {} : { tls }),
    createPushEngine: (db, host) => {
      engine = createPushEngine({
        db,
        host,
        policy,
        allowLoopback: options.allowLoopbackPush === true,
        strictness: options.strictPush === true ? strict : lenient,
        ...(options.pushOrigin === undefined ? {} : { allowedOrigins: options.pushOrigin }),
        ...(apple === undefined ? {} : { apple }),
      });
      return engine;
    },
  });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => server.close());
  print(`davpulse serve: ${server.url}`);
  if (options.withPushService === true) {
    const pushService = await startPushService({
      host: options.host,
      port: options.pushServicePort,
      db: options.pushServiceDb,
      // It is there for measuring, and only this machine is heard.
      control: true,
    });
    stack.defer(() => pushService.close());
    print(`davpulse push-service: ${pushService.url}`);
  }
  if (options.rotatePushKeys === true) await engine?.rotateKeys();
  leanHeap.settle();
  await stopSignal();
}

function tlsOf({ tls, tlsCert, tlsKey }: ServeOptions) {
  if (!tls) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) return 'self-signed';
  return { cert: readFileSync(tlsCert, 'utf8'), key: readFileSync(tlsKey, 'utf8') };
}
