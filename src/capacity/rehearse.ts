import { layoutFleet, type RunSpec } from '../../sim/index.ts';
import { runLive, type LiveServer } from '../live/index.ts';
import { scaleTime } from '../scenario/index.ts';
import { inProportion } from './in-proportion.ts';

const pace = 20;
/** A server on which a fleet like that had lived for 24 s took half as much again for it as one on which several had. */
const lastsMs = 90_000;
const mostUsers = 30;

/**
 * Lets a small fleet like `spec` live on a server at five times its pace. Many devices at once go other ways through
 * the server than a lone client: a fleet's first run took up to half as much processor time again as the ones after it,
 * for code that was compiled, given up and compiled anew.
 * @throws DavpulseError as `runLive` does
 */
export async function rehearse(
  server: LiveServer,
  spec: RunSpec,
  rounds: number,
  signal: AbortSignal,
): Promise<void> {
  const { outages: _, ...pushService } = spec.pushService;
  const small: RunSpec = {
    ...scaleTime({ ...spec, users: Math.min(mostUsers, spec.users, server.users.length) }, pace),
    pushService,
    server: { ...spec.server, restarts: [] },
    durationMs: inProportion(lastsMs, rounds),
  };
  const users = server.users.slice(0, layoutFleet(small).users);
  // Its figures are nobody's, so it may be late.
  await runLive(small, { signal, timeScale: pace, maxLagMs: Infinity, server: { ...server, users } });
}
