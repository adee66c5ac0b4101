import { randomBytes } from 'node:crypto';
import { layoutFleet, type FleetLayout, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { makeUsers, requireUsers } from './accounts.ts';
import { startBundledServer } from './bundled-server.ts';
import { openFleetState, restoreCollections, type FleetState } from './kept-fleet.ts';
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
  const { stateFolder, signal } = options;
  const state = stateFolder === undefined ? undefined : openFleetState(stateFolder, spec, layout);
  const target = await findTarget(spec, layout, options, state, stack);
  const runName = `davpulse-${randomBytes(4).toString('hex')}`;
  const provisioning = { spec, layout, target, runName, signal };
  const collections = state?.before ? restoreCollections(state.before) : await provision(provisioning);
  // The bundled server forgets everything anyway.
  if (options.server !== undefined && state === undefined) {
    stack.defer(() => unprovision(provisioning, collections));
  }
  return await new LiveRun(spec, layout, target, collections, options, state).run(stack);
}

async function findTarget(
  spec: RunSpec,
  layout: FleetLayout,
  { server: given, signal }: LiveOptions,
  state: FleetState | undefined,
  stack: AsyncDisposableStack,
): Promise<Target> {
  if (given !== undefined) {
    guardTarget(given, spec);
    requireUsers(given.users, layout);
    const { origin, pathname } = new URL(given.url);
    const { users, pushServiceUrl, pid } = given;
    if ((spec.server.restarts ?? []).length > 0) {
      throw new DavpulseError(
        'DAVPULSE_OPTION_INVALID',
        `${spec.label} cannot be run live with --target: it restarts the server, and only the bundled one is ours to kill`,
      );
    }
    const invites = spec.collectionGroups.some(({ changes }) => changes.kind === 'scheduling');
    if (invites && pushServiceUrl === undefined) {
      throw new DavpulseError(
        'DAVPULSE_OPTION_INVALID',
        `${spec.label} cannot be run live with --target: users invite each other, and how other servers deliver that is not known`,
      );
    }
    return { origin, basePath: pathname, users, pushServiceUrl, pid };
  }
  const users = state?.before?.users ?? makeUsers(layout.users);
  const place = state && { folder: state.folder, ports: state.before?.ports };
  const server = await startBundledServer(spec, users, signal, { place });
  stack.defer(server.stop);
  const { url, pushServiceUrl, restart } = server;
  return {
    origin: new URL(url).origin,
    basePath: '/',
    users,
    pushServiceUrl,
    restart,
    get pid() {
      return server.pid;
    },
  };
}
