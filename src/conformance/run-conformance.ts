import { basicCredentials, Connection, discoverAccount, unreachable, type Account } from '../client/index.ts';
import { openWire, type Login, type Wire } from './bench/asker.ts';
import { Bench } from './bench/bench.ts';
import { createCleanup } from './bench/cleanup.ts';
import { takeSample, type Sample } from './bench/sample.ts';
import { createEndpoints, type Site } from './bench/site.ts';
import type { Check } from './check.ts';
import { checks as allChecks } from './checks/index.ts';
import type { ListenAt } from './endpoint/recording-endpoint.ts';
import type { CheckResult, ConformanceResult } from './results/result.ts';
import { runCheck } from './run-check.ts';

export interface ConformanceOptions {
  /** Where discovery starts. */
  readonly url: string;
  readonly login: Login;
  /** A second account, without which what one user may do to another is skipped. */
  readonly other?: Login;
  /** Where push messages come in; a free port of 127.0.0.1 when left out. */
  readonly listen?: ListenAt;
  /** How long a push message may take, ms. */
  readonly waitMs: number;
  /** Checks that run at once. */
  readonly concurrency?: number;
  /** Only these checks; all when left out. */
  readonly only?: readonly string[];
  readonly verifyCertificate?: boolean;
  /** Makes the server change its VAPID keys, where somebody can. */
  readonly rotateKeys?: () => Promise<unknown>;
  readonly onResult?: (result: CheckResult, done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

const requestTimeoutMs = 30_000;

/**
 * Checks a CalDAV and CardDAV server. Works in collections that it makes itself, and removes everything it made,
 * also when it is aborted.
 * @throws DavpulseError when the server does not answer or refuses the credentials; the reason of an abort
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceResult> {
  const { url, login, other, signal = new AbortController().signal } = options;
  const { origin } = new URL(url);
  const wire = openWire(origin, options.verifyCertificate ?? true, requestTimeoutMs);
  const endpoints = createEndpoints(options.listen ?? { host: '127.0.0.1', port: 0 });
  const cleanup = createCleanup();
  let sample: Promise<Sample> | undefined;
  const site: Site = {
    wire,
    login,
    other,
    account: await accountOf(options, login),
    otherAccount: other && (await accountOf(options, other)),
    listen: options.listen ?? { host: '127.0.0.1', port: 0 },
    waitMs: options.waitMs,
    rotateKeys: options.rotateKeys,
    cleanup,
    signal,
    sample: () => {
      sample ??= takeSample(new Bench(site));
      return sample;
    },
    endpoint: endpoints.take,
  };
  let leftBehind: string[] = [];
  try {
    const results = await runAll(options, site);
    leftBehind = await cleanup.run();
    return { target: url, madeAt: new Date().toISOString(), profile: undefined, checks: results, leftBehind };
  } finally {
    await cleanup.run();
    await endpoints.close();
    await closeWire(wire);
  }
}

const closeWire = async ({ agent }: Wire): Promise<void> => await agent.destroy();

async function runAll(options: ConformanceOptions, site: Site): Promise<CheckResult[]> {
  const { only, concurrency = 8, onResult } = options;
  const chosen = allChecks.filter(({ id }) => only === undefined || only.includes(id));
  const results = new Map<string, CheckResult>();
  const run = async (check: Check): Promise<void> => {
    site.signal.throwIfAborted();
    const result = await runCheck(check, new Bench(site), site.signal);
    results.set(check.id, result);
    onResult?.(result, results.size, chosen.length);
  };
  const queue = chosen.filter(({ alone }) => alone !== true).values();
  const worker = async (): Promise<void> => {
    for (const check of queue) await run(check);
  };
  const ended = await Promise.allSettled(Array.from({ length: concurrency }, worker));
  const failed = ended.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  for (const check of chosen) if (check.alone === true) await run(check);
  return chosen.flatMap(({ id }) => results.get(id) ?? []);
}

async function accountOf(options: ConformanceOptions, login: Login): Promise<Account> {
  const { origin, pathname } = new URL(options.url);
  const connection = new Connection({
    origin,
    keepAliveMs: 5000,
    timeoutMs: requestTimeoutMs,
    verifyCertificate: options.verifyCertificate ?? true,
  });
  const credentials = basicCredentials(login.name, login.password);
  try {
    return await discoverAccount({ connection, credentials, now: () => performance.now() }, pathname);
  } catch (error) {
    throw unreachable(origin, error);
  } finally {
    await connection.close();
  }
}
