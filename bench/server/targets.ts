import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A running server with a calendar to measure. */
export interface Target extends AsyncDisposable {
  readonly name: string;
  /** The calendar, with a slash at the end. */
  readonly calendar: string;
  readonly headers: Readonly<Record<string, string>>;
  memoryMiB(): number;
}

const basic = { authorization: `Basic ${Buffer.from('user1:user1').toString('base64')}` };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const lineOf = (child: ChildProcess, pattern: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    if (child.stdout === null) return reject(new Error('no output'));
    createInterface(child.stdout).on('line', (line) => {
      const match = pattern.exec(line);
      if (match?.[0] !== undefined) resolve(match[0]);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });

/** Proportional set size of a process and its children, MiB. */
function memoryOf(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const own = Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1024;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return (
      own +
      children
        .split(' ')
        .filter(Boolean)
        .reduce((sum, child) => sum + memoryOf(Number(child)), 0)
    );
  } catch {
    return 0;
  }
}

export async function startDavpulse(): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'davpulse-bench-'));
  const child = spawn(
    process.execPath,
    [
      'bin/davpulse.js',
      'serve',
      '--no-tls',
      '--port',
      '0',
      '--db',
      join(folder, 'store.db'),
      '--user',
      'user1:user1',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const url = await lineOf(child, /http:\/\/\S+/);
  return {
    name: 'davpulse',
    calendar: `${url}/calendars/user1/calendar/`,
    headers: basic,
    memoryMiB: () => memoryOf(child.pid ?? 0),
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

const commands: Readonly<Record<string, string>> = {
  cyrus: '/usr/sbin/cyrmaster',
  xandikos: '/usr/bin/xandikos',
  radicale: '/usr/bin/radicale',
};

export const peerNames = Object.keys(commands);

/** Starts another server by its recipe in bench/peers; undefined when it is not installed or does not start. */
export async function startPeer(name: string): Promise<Target | undefined> {
  if (!existsSync(commands[name] ?? '')) return undefined;
  const folder = mkdtempSync(join(tmpdir(), `davpulse-${name}-`));
  const started = spawnSync('bash', [`bench/peers/${name}.sh`], {
    env: { ...process.env, DATA: folder, PORT: String(await freePort()) },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 60_000,
  });
  const pidFile = join(folder, 'pid');
  if (started.status !== 0 || !existsSync(pidFile)) return undefined;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  return {
    name,
    calendar: started.stdout.trim(),
    headers: basic,
    memoryMiB: () => memoryOf(pid),
    [Symbol.asyncDispose]: async () => {
      process.kill(pid, 'SIGTERM');
      await new Promise((resolve) => setTimeout(resolve, 1000));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
