import { simulate, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { scaleTime } from '../scenario/index.ts';
import { onlyLag } from './only-lag.ts';
import { runOn, type WarmRunOptions, type WarmServer } from './run-warm.ts';

/** One that is always busy tells only that the fleet was too fast. */
const full = 0.97;
/** What of that is near saturation. */
const share = 0.9;
/** Share of its event loop's time that a server near saturation is busy, and what is near enough to that. */
export const nearSaturation = share * full;
const mostLoad = 0.9;
const isNear = (load: number): boolean => load > 0.82 && load < mostLoad;
const probes = 8;
const mostRuns = 3;
const probeMs = 4000;
const simulatedMs = 10_000;
const mostSteps = 12;
const closeEnough = 0.03;
/**
 * When answers take longer than this on average, requests wait for each other without end, however busy the server
 * seems: time that its event loop waits for memory is no processor time. One that is overrun for a second or two and then
 * catches up answers most at once all the same.
 */
const endlessMs = 20;
const slower = 0.75;
/** Saturation is known well enough. */
const narrow = 1.1;
/** A fleet that keeps a server busy for less is not near what it bears. */
const leastLoad = 0.6;

/** Share of its time that the event loop of a server is busy, or would be if others had not its processor. */
export const loadOf = ({ server, countedMs }: RunRecord): number =>
  ((server.loopMs ?? server.busyMs) + (server.waitedMs ?? 0)) / countedMs;

/**
 * A fleet that keeps a server busy for 90 % of what it bears before requests wait for each other without end: its intervals
 * are made shorter and its changes more frequent for that, as more devices would need more sockets than a process may have.
 * The simulator says where to begin (`simulated` is a spec as it takes it), runs of some seconds on the server itself
 * correct that, and each run begins with what the last one tells: what a machine is to its server changes.
 */
export class FleetNearSaturation {
  readonly #on: WarmServer;
  readonly #simulated: (spec: RunSpec) => RunSpec;
  /** As it was found. */
  #found = 1;
  /** Where the next run begins. */
  #pace: number | undefined;

  constructor(on: WarmServer, simulated: (spec: RunSpec) => RunSpec) {
    this.#on = on;
    this.#simulated = simulated;
  }

  /** @throws DavpulseError as `runLive` does */
  async run(spec: RunSpec, options: NearOptions): Promise<RunRecord> {
    if (this.#pace === undefined) this.#pace = this.#found = await this.#find(spec, options);
    const { pace, record } = await untilBorne(this.#pace, (tried) =>
      runOn(this.#on, scaleTime(spec, tried), options),
    );
    const load = loadOf(record);
    this.#pace = load < leastLoad ? undefined : Math.min(this.#found, (pace * nearSaturation) / load);
    return record;
  }

  async #find(spec: RunSpec, options: NearOptions): Promise<number> {
    const pace = paceInSimulation(this.#simulated(spec));
    let search: PaceSearch = { pace, borne: 0, tooFast: Infinity };
    for (let probe = 0; probe < probes; probe += 1) {
      const next = afterProbe(search, await this.#probe(spec, search.pace, options));
      if (next.pace === search.pace) return next.pace;
      search = next;
      if (search.tooFast < search.borne * narrow) break;
    }
    return ofSaturation(search);
  }

  async #probe(spec: RunSpec, pace: number, options: NearOptions): Promise<number> {
    options.onProgress?.(`${spec.label}: is the server nearly full at ${pace.toFixed(2)} times the pace?`);
    const probed = { ...scaleTime(spec, pace), durationMs: probeMs };
    return loadOrEndless(await runOn(this.#on, probed, options).catch(onlyLag));
  }
}

/** `Infinity` where requests wait without end, or the generator fell behind. */
function loadOrEndless(record: RunRecord | undefined): number {
  if (record === undefined) return Infinity;
  const { sum, count } = record.server.responseMs;
  return sum > endlessMs * count ? Infinity : loadOf(record);
}

type NearOptions = WarmRunOptions & { readonly onProgress?: ((doing: string) => void) | undefined };

/**
 * Runs at `pace`, and again more slowly where the server turns out fuller than near saturation: it may take half as much
 * again for everything as when the pace was found, and how long requests wait for each other is then chance. So too where
 * the generator fell behind. Gives the last of a few runs. @throws what the last one throws
 */
export async function untilBorne(
  pace: number,
  run: (pace: number) => Promise<RunRecord>,
): Promise<{ readonly pace: number; readonly record: RunRecord }> {
  let tried = pace;
  for (let times = 1; ; times += 1) {
    const isLast = times === mostRuns;
    const record = isLast ? await run(tried) : await run(tried).catch(onlyLag);
    const load = loadOrEndless(record);
    if (record && (load < mostLoad || isLast)) return { pace: tried, record };
    tried = afterProbe({ pace: tried, borne: 0, tooFast: Infinity }, load).pace;
  }
}

/** Where to look for the pace: the next to try, the best that the server bore, and the least that was too fast. */
export interface PaceSearch {
  readonly pace: number;
  readonly borne: number;
  readonly tooFast: number;
}

/** 90 % of the pace from which requests wait without end, as far as it is known; the best that was borne where it is not. */
export function ofSaturation({ pace, borne, tooFast }: PaceSearch): number {
  if (borne === 0) return pace;
  return tooFast === Infinity ? borne : Math.min(borne, (share * (borne + tooFast)) / 2);
}

/** What a load at the pace that was tried tells; the pace is the same when that is near enough. */
export function afterProbe({ pace, borne, tooFast }: PaceSearch, load: number): PaceSearch {
  if (load >= full) return { pace: borne > 0 ? (borne + pace) / 2 : pace * slower, borne, tooFast: pace };
  if (isNear(load)) return { pace, borne: pace, tooFast };
  const wanted = (pace * nearSaturation) / load;
  if (wanted < pace) return { pace: wanted, borne, tooFast };
  return { pace: Math.min(wanted, (pace + tooFast) / 2), borne: pace, tooFast };
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
