import type { RunSpec, ServerSpec } from '../../sim/index.ts';
import { guardTarget, runLive, type LiveServer, type Target } from '../live/index.ts';
import type { Threshold } from '../results/index.ts';
import { openBed, raiseBenchBed, type BenchBed } from './bench-bed.ts';
import { climbWithFleet, type FleetLadder } from './fleet-ladder.ts';
import { ladderRequests } from './ladder-requests.ts';
import { climb, type Ladder } from './ladder.ts';
import { fitCold } from './fit-cold.ts';
import { measureCold } from './measure-cold.ts';
import { measureMemory } from './measure-memory.ts';
import { measurePush } from './measure-push.ts';
import { measureService, type ServiceTime } from './measure-service.ts';
import { rehearse } from './rehearse.ts';
import { runWarm } from './run-warm.ts';
import { exercise, warmRounds } from './warm-up.ts';
import { withCold, withPush } from './with-cold.ts';
import { loopShareOf, withThreads } from './with-threads.ts';

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
/** Accounts of the bundled server, so that its caches have something to hold. */
const crowd = 200;

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
  const profile = pid === undefined ? spec : await atPaceOfFleet(spec, bed.target, pid, times, options);
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

/** The profile with what requests cost at the pace of a crowd, and push messages where the server is the bundled one. */
async function atPaceOfFleet(
  spec: ServerSpec,
  target: Target,
  pid: number,
  times: Awaited<ReturnType<typeof measureService>>['times'],
  { fleet, rungMs, server, signal, onProgress }: CapacityOptions,
): Promise<ServerSpec> {
  const aloneMs = times['sync-collection'].cpuMs;
  onProgress?.('what requests cost at the pace of a fleet');
  const { origin, basePath, users } = target;
  const driven: LiveServer = server ?? { url: new URL(basePath, origin).href, users, pid };
  if (server === undefined) await rehearse(driven, fleet, warmRounds, signal);
  const { points, times: threads } = await measureCold(driven, fleet, aloneMs, rungMs, signal);
  const { medianMs } = times['sync-collection'];
  const roundTripMs = Math.max(0, medianMs - aloneMs);
  const paced = withCold(spec, fitCold(points));
  // Of another server nobody knows which of its threads and processes are workers.
  if (server !== undefined) return paced;
  onProgress?.('what push messages cost at the pace of a fleet');
  const measured = {
    wire: fleet.wire,
    server: paced,
    pushDelay: { medianMs: 0, p95Ms: 0 },
    roundTripMs,
  };
  const push = await measurePush(fleet, measured, times.push?.cpuMs ?? 0, rungMs, signal);
  return withThreads(withPush(paced, push.fit), loopShareOf([...threads, ...push.times]));
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
  if (server === undefined) return await raiseBenchBed(size, signal, stack, crowd);
  const { origin, pathname } = new URL(server.url);
  const { users, pid, pushServiceUrl } = server;
  const target: Target = { origin, basePath: pathname, users, pid, pushServiceUrl };
  return await openBed(target, users[0], size, stack);
}

async function runOn(spec: RunSpec, { server, signal, maxLagMs }: CapacityOptions) {
  if (server === undefined) return await runWarm(spec, { signal, maxLagMs });
  return await runLive(spec, { signal, maxLagMs, timeScale: 1, server });
}
