import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunSpec } from '../../sim/index.ts';
import { startProcess, stopProcess, type LiveServer } from '../live/index.ts';
import { formatPolicy } from '../scenario/index.ts';
import type { Side } from './interleave.ts';

/** A server of one side that runs for as long as it is wanted. */
export interface SideServer extends AsyncDisposable {
  readonly server: LiveServer;
}

/**
 * Starts the bundled server of a checkout, with the push policy of a run.
 * @throws DavpulseError DAVPULSE_RUN_FAILED when it does not come up
 */
export async function startSideServer(
  { name, folder, env }: Side,
  { pushPolicy, transport }: RunSpec,
  users: LiveServer['users'],
  signal: AbortSignal,
): Promise<SideServer> {
  const place = await mkdtemp(join(tmpdir(), 'davpulse-bench-'));
  const accounts = join(place, 'users.csv');
  await writeFile(accounts, users.map((user) => `${user.name},${user.password}\n`).join(''), { mode: 0o600 });
  const args = [
    'serve',
    '--port=0',
    `--users=${accounts}`,
    '--with-push-service',
    '--allow-loopback-push',
    `--push-policy=${formatPolicy(pushPolicy)}`,
    ...(transport.tls ? [] : ['--no-tls']),
  ];
  const clean = (): Promise<void> => rm(place, { recursive: true, force: true });
  const program = { folder, called: name, ...(env && { env }) };
  const { child, url, pushServiceUrl } = await startProcess(args, signal, program).catch(
    async (error: unknown) => {
      await clean();
      throw error;
    },
  );
  return {
    server: { url, users, pushServiceUrl, ...(child.pid !== undefined && { pid: child.pid }) },
    async [Symbol.asyncDispose]() {
      await stopProcess(child);
      await clean();
    },
  };
}
