import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DavpulseError } from '../errors/index.ts';

/** The bundled server and its push service in a process of their own. */
export interface ServerProcess {
  readonly child: ChildProcess;
  readonly url: string;
  readonly pushServiceUrl: string;
}

const davpulse = fileURLToPath(new URL('../../bin/davpulse.js', import.meta.url));
const startWithinMs = 30_000;
const stopWithinMs = 5000;

/** Gives when both answer. @throws DavpulseError DAVPULSE_RUN_FAILED when they do not come up */
export async function startProcess(args: readonly string[], signal: AbortSignal): Promise<ServerProcess> {
  const child = spawn(process.execPath, [davpulse, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    const [url, pushServiceUrl] = await readUrls(child, signal);
    return { child, url, pushServiceUrl };
  } catch (error) {
    await stopProcess(child);
    throw error;
  }
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
