import type { RunSpec, ServerSpec } from '../../sim/index.ts';
import { guardTarget, runLive, type LiveServer, type Target } from '../live/index.ts';
import type { Threshold } from '../results/index.ts';
import { atPaceOfFleets } from './at-pace-of-fleets.ts';
import { openBed, raiseBenchBed, type BenchBed } from './bench-bed.ts';
import { openFleetServers } from './calibrate.ts';
import { climbWithFleet, type FleetLadder } from './fleet-ladder.ts';
import { ladderRequests } from './ladder-requests.ts';
import { climb, type Ladder } from './ladder.ts';
import { measureMemory } from './measure-memory.ts';
import { measureService, roundTripOf, type ServiceTime } from './measure-service.ts';
import { runWarm } from './run-warm.ts';
import { exercise, warmRounds } from './warm-up.ts';

export interface CapacityOptions {
  /** The name of the profile. */
  readonly name: string;
  /** The mixed fleet, in the size to begin with; its transport counts for all measurements. */
  readonly fleet: RunSpec;
  readonly objective: Threshold;
  /** A server that is running; the bundled one is started when it is left out. */
  readonly server?: LiveServer;
  /** Workers of such a server; the bundled one has one. */
  readonly workers: number;
  /** Time on each rung and for each measured kind, ms. */
  readonly rungMs: number;
  /** The largest fleet to try. */
  readonly mostUsers: number;
  readonly maxLagMs: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (doing: string) => void;
}

/** What a server can do, and the profile that the simulator takes for it. */
export interface Capacity {
  readonly ladders: readonly Ladder[];
  readonly fleet: FleetLadder;
  readonly times: Readonly<Record<string, ServiceTime>>;
  readonly profile: ServerSpec;
}

const objects = 20;

/**
 * Finds out what a server can do: each kind of request by a closed loop until more clients bring no more answers, a
 * mixed fleet until the objective breaks, processor time by kind and by idle time, memory.
 * @throws DavpulseError when the server does not come up, refuses or fails
 */
export async function measureCapacity(options: CapacityOptions): Promise<Capacity> {
  const { name, fleet, workers, rungMs, server, onProgress } = options;
  if (server !== undefined) guardTarget(server, fleet);
  await using stack = new AsyncDisposableStack();
  const objectBytes = bytesOf(fleet);
  const bed = await bedFor(options, objectBytes, stack);
  const { pid } = bed.target;
  // Some servers have a process for each connection and take few.
  const connections = server === undefined ? 400 : 40;
  onProgress?.('memory');
  // Before the server has worked: what it has freed by then would be taken by what comes after.
  const memory = pid === undefined ? undefined : await measureMemory(bed, pid, fleet.transport, connections);
  onProgress?.('processor time');
  await exercise(bed, warmRounds);
  const { spec, times } = await measureService(bed, name, rungMs, fleet.transport);
  const profile = pid === undefined ? spec : await profileAtPace(spec, times, options, stack);
  const ladders: Ladder[] = [];
  for (const request of await ladderRequests(bed)) {
    onProgress?.(`a ladder of ${request.kind}`);
    ladders.push(await climb(bed, request, rungMs, server?.maxPerSecond));
  }
  return {
    ladders,
    fleet: await climbWithFleet(fleet, { ...options, run: (sized) => runOn(sized, options) }),
    times,
    profile: {
      ...profile,
      workers: server === undefined ? spec.workers : workers,
      ...(memory && { memory }),
    },
  };
}

/** The profile with what things cost at the pace of fleets like the given one: on the bundled server one that is pushed to as well. */
async function profileAtPace(
  spec: ServerSpec,
  times: Awaited<ReturnType<typeof measureService>>['times'],
  { fleet, rungMs, server, signal, onProgress }: CapacityOptions,
  stack: AsyncDisposableStack,
): Promise<ServerSpec> {
  const alone = {
    wire: fleet.wire,
    server: spec,
    times,
    pushDelay: { medianMs: 0, p95Ms: 0 },
    roundTripMs: roundTripOf(times['sync-collection']),
  };
  const on = server
    ? { polled: { server, like: fleet } }
    : await openFleetServers(fleet.transport, { signal }, stack);
  const pace = { isBundled: server === undefined, budgetMs: rungMs, signal, onProgress };
  return (await atPaceOfFleets(alone, on, pace)).server;
}

function bytesOf({ collectionGroups: [first] }: RunSpec): number {
  return first?.objectBytes.kind === 'constant' ? first.objectBytes.value : 1102;
}

async function bedFor(
  { fleet, server, signal }: CapacityOptions,
  objectBytes: number,
  stack: AsyncDisposableStack,
): Promise<BenchBed> {
  const size = { transport: fleet.transport, objectBytes, objects, signal };
  if (server === undefined) return await raiseBenchBed(size, signal, stack);
  const { origin, pathname } = new URL(server.url);
  const { users, pid, pushServiceUrl } = server;
  const target: Target = { origin, basePath: pathname, users, pid, pushServiceUrl };
  return await openBed(target, users[0], size, stack);
}

async function runOn(spec: RunSpec, { server, signal, maxLagMs }: CapacityOptions) {
  if (server === undefined) return await runWarm(spec, { signal, maxLagMs });
  return await runLive(spec, { signal, maxLagMs, timeScale: 1, server });
}
