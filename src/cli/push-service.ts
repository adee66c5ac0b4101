import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { wholeNumber } from './options.ts';
import { print } from './output.ts';
import type { CommandFactory } from './command-factory.ts';
import { stopSignal } from './stop-signal.ts';

interface PushServiceOptions {
  readonly host: string;
  readonly port: number;
  readonly db?: string;
  readonly control: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly publicUrl?: string;
}

export const pushServiceCommand: CommandFactory = () =>
  new Command('push-service')
    .description('runs the Web Push service alone')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 5233)
    .option('--db <file>', 'where subscriptions and messages are kept; memory when left out')
    .option('--tls-cert <file>', 'certificate chain (PEM); clear text without one')
    .option('--tls-key <file>', 'private key of the certificate (PEM)')
    .option('--public-url <url>', 'what others reach it by, when that is not host and port')
    .option('--control', 'answers control calls from this machine: PUT /faults, GET /totals', false)
    .action(async ({ host, port, db, control, tlsCert, tlsKey, publicUrl }: PushServiceOptions) => {
      const { startPushService } = await import('../push/index.ts');
      const service = await startPushService({
        host,
        port,
        control,
        ...(db === undefined ? {} : { db }),
        ...(publicUrl === undefined ? {} : { publicUrl: publicUrl.replace(/\/$/, '') }),
        ...(tlsCert === undefined || tlsKey === undefined
          ? {}
          : { tls: { cert: readFileSync(tlsCert, 'utf8'), key: readFileSync(tlsKey, 'utf8') } }),
      });
      print(`davpulse push-service: ${service.url}`);
      await stopSignal();
      await service.close();
    });
