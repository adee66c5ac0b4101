import { randomBytes } from 'node:crypto';
import { layoutFleet, type FleetLayout, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { makeUsers, requireUsers } from './accounts.ts';
import { startBundledServer } from './bundled-server.ts';
import { provision, unprovision } from './provision.ts';
import { refuseModelled } from './refuse-modelled.ts';
import { guardTarget } from './target-guard.ts';
import { type Target } from './target.ts';
import type { LiveOptions } from './live-options.ts';
import { LiveRun } from './live-run.ts';

/**
 * Runs one spec as real traffic: sets the fleet up, lets it live for the warm-up and the counted time, settles it,
 * and compares every device with the server.
 * @throws DavpulseError when the server cannot be reached, refuses or fails, or the generator falls behind;
 * the signal's reason when aborted
 */
export async function runLive(spec: RunSpec, options: LiveOptions): Promise<RunRecord> {
  refuseModelled(spec);
  const layout = layoutFleet(spec);
  await using stack = new AsyncDisposableStack();
  const target = await findTarget(spec, layout, options, stack);
  const provisioning = {
    spec,
    layout,
    target,
    runName: `davpulse-${randomBytes(4).toString('hex')}`,
    signal: options.signal,
  };
  const collections = await provision(provisioning);
  // The bundled server forgets everything anyway.
  if (options.server !== undefined) stack.defer(() => unprovision(provisioning, collections));
  return await new LiveRun(spec, layout, target, collections, options).run(stack);
}

async function findTarget(
  spec: RunSpec,
  layout: FleetLayout,
  { server, signal }: LiveOptions,
  stack: AsyncDisposableStack,
): Promise<Target> {
  if (server !== undefined) {
    guardTarget(server, spec);
    requireUsers(server.users, layout);
    const { origin, pathname } = new URL(server.url);
    const { users, pushServiceUrl, pid } = server;
    return { origin, basePath: pathname, users, pushServiceUrl, pid };
  }
  const users = makeUsers(layout.users);
  const { url, pushServiceUrl, pid, stop } = await startBundledServer(spec, users, signal);
  stack.defer(stop);
  return { origin: new URL(url).origin, basePath: '/', users, pushServiceUrl, pid };
}
