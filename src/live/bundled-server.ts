import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setPushFaults } from './push-faults.ts';
import type { RunSpec } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { formatPolicy } from '../scenario/index.ts';
import type { ServerUser } from './accounts.ts';

export interface RunningServer {
  readonly url: string;
  /** Of the bundled push service, if it runs. */
  readonly pushServiceUrl: string | undefined;
  readonly pid: number | undefined;
  readonly stop: () => Promise<void>;
}

/** What the server must know of a run. */
export type ServedSpec = Pick<RunSpec, 'pushPolicy' | 'pushService' | 'transport' | 'seed'> &
  Partial<Pick<RunSpec, 'server'>>;

/** Where a server that is to outlive the run keeps its data, and the ports by which it is found again. */
export interface ServerPlace {
  readonly folder: string;
  readonly ports: { readonly server: number; readonly pushService: number } | undefined;
}

const startWithinMs = 30_000;
const stopWithinMs = 5000;

/**
 * Starts the bundled server and push service in a process of their own, with the push policy of the run.
 * @throws DavpulseError DAVPULSE_RUN_FAILED when it does not come up
 */
export async function startBundledServer(
  spec: ServedSpec,
  users: readonly ServerUser[],
  signal: AbortSignal,
  place?: ServerPlace,
): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'davpulse-'));
  const accounts = join(folder, 'users.csv');
  await writeFile(accounts, users.map(({ name, password }) => `${name},${password}\n`).join(''), {
    mode: 0o600,
  });
  const child = spawn(process.execPath, [davpulse, ...serveArguments(spec, accounts, place)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async (): Promise<void> => {
    await stopChild(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [url, pushServiceUrl] = await readUrls(child, signal);
    // Outages are those of the counted time; delays are there from the first message on.
    const { outages: _, ...always } = spec.pushService;
    await setPushFaults(pushServiceUrl, { pushService: always, seed: spec.seed });
    return { url, pushServiceUrl, pid: child.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const davpulse = fileURLToPath(new URL('../../bin/davpulse.js', import.meta.url));

function serveArguments(
  { pushPolicy, transport }: ServedSpec,
  accounts: string,
  place: ServerPlace | undefined,
): string[] {
  return [
    'serve',
    '--host=127.0.0.1',
    `--port=${place?.ports?.server ?? 0}`,
    `--push-service-port=${place?.ports?.pushService ?? 0}`,
    ...(place === undefined
      ? ['--db=:memory:']
      : [`--db=${join(place.folder, 'server.db')}`, `--push-service-db=${join(place.folder, 'push.db')}`]),
    `--users=${accounts}`,
    '--with-push-service',
    '--allow-loopback-push',
    `--push-policy=${formatPolicy(pushPolicy)}`,
    ...(transport.tls ? [] : ['--no-tls']),
  ];
}

async function readUrls(child: ChildProcess, signal: AbortSignal): Promise<[string, string]> {
  const said: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const { promise, resolve, reject } = Promise.withResolvers<[string, string]>();
  const fail = (reason: string): void =>
    reject(
      new DavpulseError('DAVPULSE_RUN_FAILED', `the bundled server ${reason} ${said.join('').trim()}`.trim()),
    );
  const timer = setTimeout(() => fail('did not start in time.'), startWithinMs);
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  child.once('error', (error) => fail(`could not be started: ${error.message}.`));
  child.once('exit', (code) => fail(`ended with ${code} before it was ready:`));
  let server = '';
  // The lines end with the process; a reader that stays keeps the pipe from filling up.
  if (child.stdout !== null) {
    createInterface(child.stdout).on('line', (line) => {
      const [, role, url] = /^davpulse (serve|push-service): (\S+)$/.exec(line) ?? [];
      if (url === undefined) return;
      if (role === 'serve') server = url;
      else resolve([server, url]);
    });
  }
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  child.once('exit', () => resolve(undefined));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
  await promise;
  clearTimeout(timer);
}
