import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSpec } from '../../sim/index.ts';
import { formatPolicy } from '../scenario/index.ts';
import type { ServerUser } from './accounts.ts';
import { setPushFaults, standingFaults } from './push-faults.ts';
import { startProcess, stopProcess } from './server-process.ts';

export interface RunningServer {
  readonly url: string;
  /** Of the bundled push service, if it runs. */
  readonly pushServiceUrl: string | undefined;
  /** Of the process that runs now. */
  readonly pid: number | undefined;
  readonly stop: () => Promise<void>;
  /** Kills it, and has it back after so long, ms, or as soon as it can start; its data must be in files. */
  readonly restart: (downMs: number) => Promise<void>;
}

/** What the server must know of a run. */
export type ServedSpec = Pick<RunSpec, 'pushPolicy' | 'pushService' | 'transport' | 'seed'> &
  Partial<Pick<RunSpec, 'server'>>;

/** Where a server that is to outlive its process keeps its data, and the ports by which it is found again. */
export interface ServerPlace {
  readonly folder: string;
  readonly ports: Ports | undefined;
}

/** How it is to run, where that is not left to it. */
export interface ServerSetting {
  readonly place?: ServerPlace | undefined;
  /** For Node itself. */
  readonly nodeFlags?: readonly string[];
}

interface Ports {
  readonly server: number;
  readonly pushService: number;
}

/**
 * Starts the bundled server and push service in a process of their own, with the push policy of the run.
 * @throws DavpulseError DAVPULSE_RUN_FAILED when it does not come up
 */
export async function startBundledServer(
  spec: ServedSpec,
  users: readonly ServerUser[],
  signal: AbortSignal,
  { place, nodeFlags = [] }: ServerSetting = {},
): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'davpulse-'));
  const accounts = join(folder, 'users.csv');
  await writeFile(accounts, users.map(({ name, password }) => `${name},${password}\n`).join(''), {
    mode: 0o600,
  });
  const restarts = (spec.server?.restarts ?? []).length > 0;
  const data = place?.folder ?? (restarts ? folder : undefined);
  const start = async (ports: Ports | undefined) => {
    const server = await startProcess(serveArguments(spec, accounts, data, ports), signal, { nodeFlags });
    const faults = standingFaults(spec);
    if (faults.length > 0) await setPushFaults(server.pushServiceUrl, spec, faults);
    return server;
  };
  const clean = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const startedAt = performance.now();
  let running = await start(place?.ports).catch(async (error: unknown) => {
    await clean();
    throw error;
  });
  const startMs = performance.now() - startedAt;
  const { url, pushServiceUrl } = running;
  const ports = { server: portOf(url), pushService: portOf(pushServiceUrl) };
  return {
    url,
    pushServiceUrl,
    get pid() {
      return running.child.pid;
    },
    async stop() {
      await stopProcess(running.child);
      await clean();
    },
    async restart(downMs) {
      await stopProcess(running.child, 'SIGKILL');
      await sleep(Math.max(0, downMs - startMs), undefined, { signal });
      running = await start(ports);
    },
  };
}

export const portOf = (url: string): number => Number(new URL(url).port);

function serveArguments(
  { pushPolicy, transport, server }: ServedSpec,
  accounts: string,
  data: string | undefined,
  ports: Ports | undefined,
): string[] {
  const { accept, pacing } = server ?? {};
  return [
    'serve',
    '--host=127.0.0.1',
    `--port=${ports?.server ?? 0}`,
    `--push-service-port=${ports?.pushService ?? 0}`,
    ...(data === undefined
      ? ['--db=:memory:']
      : [`--db=${join(data, 'server.db')}`, `--push-service-db=${join(data, 'push.db')}`]),
    `--users=${accounts}`,
    '--with-push-service',
    '--allow-loopback-push',
    `--push-policy=${formatPolicy(pushPolicy)}`,
    ...(transport.tls ? [] : ['--no-tls']),
    ...(accept === undefined
      ? []
      : [`--accept-queue=${accept.queue}`, `--retry-after=${Math.ceil(accept.retryAfterMs / 1000)}`]),
    ...(pacing === undefined
      ? []
      : [
          `--refresh-interval=${pacing.steps.map(({ load, intervalMs }) => `${load}=${intervalMs / 1000} s`).join(',')}`,
        ]),
  ];
}
