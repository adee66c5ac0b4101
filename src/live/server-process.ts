import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DavpulseError } from '../errors/index.ts';

/** The bundled server and its push service in a process of their own. */
export interface ServerProcess {
  readonly child: ChildProcess;
  readonly url: string;
  readonly pushServiceUrl: string;
}

/** A version of davpulse, and what its server is called in complaints. */
export interface Program {
  /** Where it was checked out. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** For Node itself. */
  readonly nodeFlags?: readonly string[];
  readonly called: string;
}

const own: Program = { folder: fileURLToPath(new URL('../..', import.meta.url)), called: 'bundled server' };
const startWithinMs = 30_000;
const stopWithinMs = 5000;

/** Gives when both answer; what `program` does not say is as in this version. @throws DavpulseError DAVPULSE_RUN_FAILED when they do not come up */
export async function startProcess(
  args: readonly string[],
  signal: AbortSignal,
  program: Partial<Program> = {},
): Promise<ServerProcess> {
  const { folder, env, nodeFlags = [], called } = { ...own, ...program };
  const child = spawn(process.execPath, [...nodeFlags, join(folder, 'bin/davpulse.js'), ...args], {
    env: { ...process.env, ...env },
    // By the channel it notices when this process is gone, however that came.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  try {
    const [url, pushServiceUrl] = await readUrls(child, called, signal);
    return { child, url, pushServiceUrl };
  } catch (error) {
    await stopProcess(child);
    throw error;
  }
}

async function readUrls(child: ChildProcess, called: string, signal: AbortSignal): Promise<[string, string]> {
  const said: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const { promise, resolve, reject } = Promise.withResolvers<[string, string]>();
  const fail = (reason: string): void =>
    reject(
      new DavpulseError('DAVPULSE_RUN_FAILED', `the ${called} ${reason} ${said.join('').trim()}`.trim()),
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

/** Asks it to end, and ends it when it does not, or at once. */
export async function stopProcess(
  child: ChildProcess,
  how: 'SIGTERM' | 'SIGKILL' = 'SIGTERM',
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  child.once('exit', () => resolve(undefined));
  child.kill(how);
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
  await promise;
  clearTimeout(timer);
}
