import { layoutFleet, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { makeUsers, runLive, startBundledServer, type LiveServer } from '../live/index.ts';
import { warmUp } from './warm-up.ts';

export interface WarmRunOptions {
  readonly signal: AbortSignal;
  /** Largest p99 of the generator's scheduling lag, ms. */
  readonly maxLagMs: number;
  /** Rounds of all kinds of requests beforehand; enough for compiled code by default. */
  readonly rounds?: number;
}

/** A live run on a bundled server that has been at work for a while. @throws DavpulseError as `runLive` does */
export async function runWarm(
  spec: RunSpec,
  { signal, maxLagMs, rounds }: WarmRunOptions,
): Promise<RunRecord> {
  await using stack = new AsyncDisposableStack();
  const { users: count } = layoutFleet(spec);
  const users = makeUsers(count + 1);
  const { url, pushServiceUrl, pid, stop } = await startBundledServer(spec, users, signal);
  stack.defer(stop);
  const origin = new URL(url).origin;
  // The last account is nobody's in the run.
  await warmUp({ origin, basePath: '/', users, pushServiceUrl, pid }, users[count], spec, rounds);
  const server: LiveServer = {
    url: origin,
    users: users.slice(0, count),
    ...(pushServiceUrl !== undefined && { pushServiceUrl }),
    ...(pid !== undefined && { pid }),
  };
  return await runLive(spec, { signal, timeScale: 1, maxLagMs, server });
}
