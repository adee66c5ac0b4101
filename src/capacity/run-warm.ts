import { layoutFleet, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { makeUsers, runLive, startBundledServer, type LiveServer } from '../live/index.ts';
import { rehearse } from './rehearse.ts';
import { warmUp, warmRounds } from './warm-up.ts';

export interface WarmRunOptions {
  readonly signal: AbortSignal;
  /** Largest p99 of the generator's scheduling lag, ms. */
  readonly maxLagMs: number;
  /** Rounds of all kinds of requests beforehand; enough for compiled code by default. */
  readonly rounds?: number;
}

/** A live run on a bundled server that has been at work for a while. @throws DavpulseError as `runLive` does */
export async function runWarm(spec: RunSpec, options: WarmRunOptions): Promise<RunRecord> {
  await using stack = new AsyncDisposableStack();
  return await runOn(await openWarmServer(spec, spec.users, options, stack), spec, options);
}

/** A bundled server as the spec has it, with so many accounts, that has been at work for a while; it ends with the stack. */
export async function openWarmServer(
  spec: RunSpec,
  accounts: number,
  { signal, rounds = warmRounds }: Pick<WarmRunOptions, 'signal' | 'rounds'>,
  stack: AsyncDisposableStack,
): Promise<LiveServer> {
  const users = makeUsers(accounts + 1);
  const { url, pushServiceUrl, pid, stop } = await startBundledServer(spec, users, signal);
  stack.defer(stop);
  const origin = new URL(url).origin;
  // The last account is nobody's in the run.
  await warmUp({ origin, basePath: '/', users, pushServiceUrl, pid }, users[accounts], spec, signal, rounds);
  const server: LiveServer = {
    url: origin,
    users: users.slice(0, accounts),
    ...(pushServiceUrl !== undefined && { pushServiceUrl }),
    ...(pid !== undefined && { pid }),
  };
  await rehearse(server, spec, rounds, signal);
  return server;
}

/** A live run on a server that is there. @throws DavpulseError as `runLive` does */
export async function runOn(
  server: LiveServer,
  spec: RunSpec,
  { signal, maxLagMs }: WarmRunOptions,
): Promise<RunRecord> {
  const users = server.users.slice(0, layoutFleet(spec).users);
  return await runLive(spec, { signal, timeScale: 1, maxLagMs, server: { ...server, users } });
}
