import { simulate, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { openWarmServer, runOn, type WarmRunOptions } from './run-warm.ts';

/** Share of its event loop's time that a server near saturation is busy. */
export const nearSaturation = 0.9;
const near = 0.07;
const probes = 4;
const probeMs = 3000;
const mostSteps = 12;
const closeEnough = 0.03;
/** One that is always busy, or whose generator is, tells only that the fleet was too large. */
const full = 0.97;
const smaller = 0.75;
/** Accounts beyond what the simulator takes for enough. */
const spare = 1.6;

/** Busy share of the event loop of a server. */
export const loadOf = ({ server, countedMs }: RunRecord): number =>
  (server.loopMs ?? server.busyMs) / countedMs;

/**
 * A live run of a fleet of the size that keeps a server busy for 90 % of the time. The simulator says where to begin
 * (`simulated` is the spec as it takes it); runs of some seconds on the server itself correct that.
 * @throws DavpulseError as `runLive` does
 */
export async function runNearSaturation(
  spec: RunSpec,
  simulated: (spec: RunSpec) => RunSpec,
  options: WarmRunOptions & { readonly onProgress?: (doing: string) => void },
): Promise<RunRecord> {
  await using stack = new AsyncDisposableStack();
  let users = sizeInSimulation(simulated(spec));
  const most = Math.ceil(users * spare);
  const server = await openWarmServer({ ...spec, users }, most, options, stack);
  for (let probe = 0; probe < probes; probe += 1) {
    options.onProgress?.(`${spec.label}: is the server nearly full with ${users} users?`);
    const next = nextSize(users, await probeLoad(server, { ...spec, users }, options));
    if (next === users) break;
    users = Math.min(most, next);
  }
  return await runOn(server, { ...spec, users }, options);
}

/** The size to go on with when a fleet made this load; the same when that is near enough. */
export function nextSize(users: number, load: number): number {
  if (Math.abs(load - nearSaturation) < near) return users;
  return Math.max(1, Math.round(users * (load >= full ? smaller : nearSaturation / load)));
}

/** `Infinity` for a fleet that the generator fell behind with. */
async function probeLoad(
  server: Parameters<typeof runOn>[0],
  spec: RunSpec,
  options: WarmRunOptions,
): Promise<number> {
  try {
    return loadOf(await runOn(server, { ...spec, durationMs: probeMs }, options));
  } catch (error) {
    if (error instanceof DavpulseError && error.code === 'DAVPULSE_GENERATOR_LAGGED') return Infinity;
    throw error;
  }
}

/** The size that the simulator takes for enough: halved while it is far too large, then load grows nearly as the fleet does. */
export function sizeInSimulation(spec: RunSpec): number {
  let { users } = spec;
  for (let step = 0; step < mostSteps; step += 1) {
    const load = loadOf(simulate({ ...spec, users }));
    const next = load >= full ? Math.round(users / 2) : Math.round((users * nearSaturation) / load);
    if (Math.abs(next / users - 1) < closeEnough) break;
    users = Math.max(1, next);
  }
  return users;
}
