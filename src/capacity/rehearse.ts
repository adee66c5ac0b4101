import { layoutFleet, type DeviceGroup, type RunSpec } from '../../sim/index.ts';
import { runLive, type LiveServer } from '../live/index.ts';
import { scaleTime } from '../scenario/index.ts';
import { inProportion } from './in-proportion.ts';

const pace = 10;
/** After so many requests the time that fleets take stays the same; after a tenth of them they took up to half as much again. */
const lastsMs = 90_000;
const mostUsers = 30;

/**
 * Lets a small fleet like `spec` live on a server at ten times its pace, with as many clients that look at tokens first.
 * Many devices at once go other ways through the server than a lone client: a fleet's first run took up to half as much
 * processor time again as the ones after it, for code that was compiled, given up and compiled anew.
 * @throws DavpulseError as `runLive` does
 */
export async function rehearse(
  server: LiveServer,
  spec: RunSpec,
  rounds: number,
  signal: AbortSignal,
): Promise<void> {
  const { outages: _, ...pushService } = spec.pushService;
  const deviceGroups = spec.deviceGroups.flatMap((group) => [group, thatChecks(group)]);
  const small: RunSpec = {
    ...scaleTime(
      { ...spec, deviceGroups, users: Math.min(mostUsers, spec.users, server.users.length) },
      pace,
    ),
    pushService,
    server: { ...spec.server, restarts: [] },
    durationMs: inProportion(lastsMs, rounds),
  };
  const users = server.users.slice(0, layoutFleet(small).users);
  // Its figures are nobody's, so it may be late.
  await runLive(small, { signal, timeScale: pace, maxLagMs: Infinity, server: { ...server, users } });
}

const thatChecks = (group: DeviceGroup): DeviceGroup => ({
  ...group,
  name: `${group.name} that checks first`,
  client: { ...group.client, check: 'sync-token' },
});
