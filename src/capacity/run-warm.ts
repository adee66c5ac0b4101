import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutFleet, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { makeUsers, runLive, setPushFaults, standingFaults, type LiveServer } from '../live/index.ts';
import { startMeasuredServer } from './measured-server.ts';
import { rehearse } from './rehearse.ts';
import { warmUp, warmRounds } from './warm-up.ts';

export interface WarmRunOptions {
  readonly signal: AbortSignal;
  /** Largest p99 of the generator's scheduling lag, ms. */
  readonly maxLagMs: number;
  /** Rounds of all kinds of requests beforehand; enough for compiled code by default. */
  readonly rounds?: number;
}

/** A server on which fleets live, and one of them: its push policy is the server's. */
export interface WarmServer {
  readonly server: LiveServer;
  readonly like: RunSpec;
  /** Where fleets keep what they know until they live on it again: to set one up takes longer than it lives. Each is set up anew where there is none. */
  readonly stateFolder?: string;
}

/** A live run on a bundled server of its own that has been at work for a while. @throws DavpulseError as `runLive` does */
export async function runWarm(spec: RunSpec, options: WarmRunOptions): Promise<RunRecord> {
  await using stack = new AsyncDisposableStack();
  return await runOn(await openWarmServer(spec, spec.users, options, stack), spec, options);
}

/**
 * A bundled server with so many accounts on which a fleet like this has lived for a while, with its push policy; it ends
 * with the stack. @throws DavpulseError when it does not come up
 */
export async function openWarmServer(
  like: RunSpec,
  accounts: number,
  { signal, rounds = warmRounds }: Pick<WarmRunOptions, 'signal' | 'rounds'>,
  stack: AsyncDisposableStack,
): Promise<WarmServer> {
  const users = makeUsers(accounts + 1);
  const target = await startMeasuredServer(like, users, signal, stack);
  // The last account is nobody's in the run.
  await warmUp(target, users[accounts], like, signal, rounds);
  const { origin: url, pushServiceUrl, pid } = target;
  const server: LiveServer = {
    url,
    users: users.slice(0, accounts),
    ...(pushServiceUrl !== undefined && { pushServiceUrl }),
    ...(pid !== undefined && { pid }),
  };
  await rehearse(server, like, rounds, signal);
  const stateFolder = await mkdtemp(join(tmpdir(), 'davpulse-fleets-'));
  stack.defer(() => rm(stateFolder, { recursive: true, force: true }));
  return { server, like, stateFolder };
}

export const isPushedTo = ({ pushPolicy }: RunSpec): boolean => pushPolicy.kind !== 'off';

/** A live run on a server that is there, whose push service delays messages as the spec's does. @throws DavpulseError as `runLive` does */
export async function runOn(
  { server, stateFolder }: WarmServer,
  spec: RunSpec,
  { signal, maxLagMs }: WarmRunOptions,
): Promise<RunRecord> {
  const users = server.users.slice(0, layoutFleet(spec).users);
  if (server.pushServiceUrl !== undefined) {
    await setPushFaults(server.pushServiceUrl, spec, standingFaults(spec));
  }
  const options = { signal, timeScale: 1, maxLagMs, server: { ...server, users } };
  if (stateFolder === undefined) return await runLive(spec, options);
  try {
    return await runLive(spec, { ...options, stateFolder });
  } catch (error) {
    // What a fleet knew before a run that failed is no longer all that there was to know.
    await rm(stateFolder, { recursive: true, force: true });
    throw error;
  }
}
