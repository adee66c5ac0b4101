import { Command } from 'commander';
import { wholeNumber } from './options.ts';
import { print } from './output.ts';
import type { CommandFactory } from './program.ts';
import { stopSignal } from './stop-signal.ts';

interface PushServiceOptions {
  readonly host: string;
  readonly port: number;
}

export const pushServiceCommand: CommandFactory = () =>
  new Command('push-service')
    .description('runs the Web Push service alone')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 5233)
    .action(async ({ host, port }: PushServiceOptions) => {
      const { startPushService } = await import('../push/index.ts');
      const service = await startPushService({ host, port });
      print(`davpulse push-service: ${service.url}`);
      await stopSignal();
      await service.close();
    });
