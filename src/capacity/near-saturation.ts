import { simulate, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { scaleTime } from '../scenario/index.ts';
import { openWarmServer, runOn, type WarmRunOptions } from './run-warm.ts';

/** Share of its event loop's time that a server near saturation is busy. */
export const nearSaturation = 0.9;
const near = 0.07;
const probes = 4;
const probeMs = 3000;
const simulatedMs = 10_000;
const mostSteps = 12;
const closeEnough = 0.03;
/** One that is always busy, or whose generator is, tells only that the fleet was too fast. */
const full = 0.97;
const slower = 0.75;

/** Busy share of the event loop of a server. */
export const loadOf = ({ server, countedMs }: RunRecord): number =>
  (server.loopMs ?? server.busyMs) / countedMs;

/**
 * A live run of a fleet that keeps a server busy for 90 % of the time: its intervals are made shorter and its changes
 * more frequent for that, as more devices would need more sockets than a process may have. The simulator says where to
 * begin (`simulated` is the spec as it takes it); runs of some seconds on the server itself correct that.
 * @throws DavpulseError as `runLive` does
 */
export async function runNearSaturation(
  spec: RunSpec,
  simulated: (spec: RunSpec) => RunSpec,
  options: WarmRunOptions & { readonly onProgress?: (doing: string) => void },
): Promise<RunRecord> {
  await using stack = new AsyncDisposableStack();
  const server = await openWarmServer(spec, spec.users, options, stack);
  let pace = paceInSimulation(simulated(spec));
  for (let probe = 0; probe < probes; probe += 1) {
    options.onProgress?.(`${spec.label}: is the server nearly full at ${pace.toFixed(2)} times the pace?`);
    const next = nextPace(pace, await probeLoad(server, scaleTime(spec, pace), options));
    if (next === pace) break;
    pace = next;
  }
  return await runOn(server, scaleTime(spec, pace), options);
}

/** The pace to go on with when a fleet made this load; the same when that is near enough. */
export function nextPace(pace: number, load: number): number {
  if (Math.abs(load - nearSaturation) < near) return pace;
  return pace * (load >= full ? slower : nearSaturation / load);
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

/** The pace that the simulator takes for enough: halved while it is far too much, then load grows nearly as the pace does. */
export function paceInSimulation(spec: RunSpec): number {
  let pace = 1;
  for (let step = 0; step < mostSteps; step += 1) {
    const load = loadOf(simulate(scaleTime({ ...spec, durationMs: simulatedMs }, pace)));
    const next = load >= full ? pace / 2 : (pace * nearSaturation) / load;
    if (Math.abs(next / pace - 1) < closeEnough) break;
    pace = next;
  }
  return pace;
}
