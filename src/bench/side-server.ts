import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunSpec } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';
import type { LiveServer } from '../live/index.ts';
import { formatPolicy } from '../scenario/index.ts';
import type { Side } from './interleave.ts';

/** A server of one side that runs for as long as it is wanted. */
export interface SideServer extends AsyncDisposable {
  readonly server: LiveServer;
}

const startWithinMs = 60_000;

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
    join(folder, 'bin/davpulse.js'),
    'serve',
    '--port=0',
    `--users=${accounts}`,
    '--with-push-service',
    '--allow-loopback-push',
    `--push-policy=${formatPolicy(pushPolicy)}`,
    ...(transport.tls ? [] : ['--no-tls']),
  ];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(place, { recursive: true, force: true });
  };
  try {
    const { serve, 'push-service': pushServiceUrl } = await addressesOf(child, name, signal);
    return {
      server: { url: serve, users, pushServiceUrl, ...(child.pid !== undefined && { pid: child.pid }) },
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Addresses {
  readonly serve: string;
  readonly 'push-service': string;
}

/** Reads the line with its address that each of the two servers prints when it is ready. */
async function addressesOf(child: ChildProcess, name: string, signal: AbortSignal): Promise<Addresses> {
  const said: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const { promise, resolve, reject } = Promise.withResolvers<Addresses>();
  const fail = (reason: string): void =>
    reject(new DavpulseError('DAVPULSE_RUN_FAILED', `the ${name} ${reason}: ${said.join('').trim()}`));
  child.once('error', (error) => fail(error.message));
  child.once('exit', () => fail('ended before it was ready'));
  let serve = '';
  if (child.stdout !== null) {
    createInterface(child.stdout).on('line', (line) => {
      const [, role, url] = /^davpulse (serve|push-service): (\S+)$/.exec(line) ?? [];
      if (url === undefined) return;
      if (role === 'serve') serve = url;
      else resolve({ serve, 'push-service': url });
    });
  }
  const late = AbortSignal.any([signal, AbortSignal.timeout(startWithinMs)]);
  const abort = (): void => (signal.aborted ? reject(signal.reason) : fail('did not start in time'));
  late.addEventListener('abort', abort, { once: true });
  try {
    return await promise;
  } finally {
    late.removeEventListener('abort', abort);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}
