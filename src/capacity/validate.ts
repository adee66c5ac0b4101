import {
  histogramQuantile,
  mergeHistograms,
  simulate,
  type RunRecord,
  type RunSpec,
} from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { putOffMs } from '../live/index.ts';
import { asMeasured } from './as-measured.ts';
import type { FleetServers } from './at-pace-of-fleets.ts';
import { calibrate } from './calibrate.ts';
import { loadOf, runNearSaturation } from './near-saturation.ts';
import { rehearseAgain } from './rehearse.ts';
import { isPushedTo, openWarmServer, runOn, type WarmServer } from './run-warm.ts';
import { warmRounds } from './warm-up.ts';

/** One figure of one run as measured, as simulated, and whether they agree. */
export interface AgreementRow {
  readonly label: string;
  readonly figure: string;
  readonly unit: string;
  readonly live: number;
  readonly sim: number;
  /** (sim − live) / live. */
  readonly gap: number;
  /** Largest gap that agrees; NaN where none is promised. */
  readonly bound: number;
  /** `not valid`: the generator fell behind, so there is nothing to compare. */
  readonly verdict: 'agrees' | 'differs' | 'no bound' | 'not valid';
}

export interface ValidateOptions {
  readonly signal: AbortSignal;
  readonly maxLagMs: number;
  /** Time to measure each kind of request, ms. */
  readonly budgetMs: number;
  /** Only specs whose label has this text. */
  readonly only?: string;
  readonly onProgress?: (doing: string) => void;
  /** Told the rows of each point as soon as there are some. */
  readonly onRows?: (rows: readonly AgreementRow[]) => void;
}

interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly bound: number;
  readonly of: (record: RunRecord) => number;
}

/** Messages that are put off for longer are too few to measure what one costs. */
const promptMs = 2000;
/** Up to this load of the server staleness is promised to agree. */
const promisedLoad = 0.7;

const staleness = (record: RunRecord, q: number): number =>
  histogramQuantile(mergeHistograms(Object.values(record.staleness)), q);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const figures: readonly Figure[] = [
  { name: 'requests', unit: '', bound: 0.01, of: ({ server }) => server.requests },
  { name: 'bytes up', unit: 'B', bound: 0.03, of: ({ bytes }) => sum(bytes.map(({ up }) => up)) },
  { name: 'bytes down', unit: 'B', bound: 0.03, of: ({ bytes }) => sum(bytes.map(({ down }) => down)) },
  { name: 'staleness p50', unit: 'ms', bound: 0.05, of: (record) => staleness(record, 0.5) },
  { name: 'staleness p95', unit: 'ms', bound: 0.1, of: (record) => staleness(record, 0.95) },
  { name: 'staleness p99', unit: 'ms', bound: NaN, of: (record) => staleness(record, 0.99) },
  { name: 'server CPU', unit: 'ms', bound: 0.1, of: ({ server }) => server.busyMs },
  { name: 'server load', unit: '', bound: NaN, of: loadOf },
  {
    name: 'energy',
    unit: 'J',
    bound: 0.05,
    of: ({ groups }) => sum(groups.flatMap(({ energyJ }) => Object.values(energyJ))),
  },
];

/**
 * Runs every spec in both backends, and compares: on one server for each push policy, the calmest first, as a server that
 * has done other things differs by more than the model may. What it costs is measured at the start on these servers. Where
 * specs differ in their number of users, those with the most go as fast as keeps the server busy for 90 % of the time.
 * @throws DavpulseError when a live run fails
 */
export async function validate(specs: readonly RunSpec[], options: ValidateOptions): Promise<AgreementRow[]> {
  const { signal, budgetMs, only = '', onProgress, onRows } = options;
  const chosen = specs
    .filter(({ label }) => label.includes(only))
    .toSorted((one, other) => one.users - other.users);
  const [first] = chosen;
  if (first === undefined) return [];
  await using stack = new AsyncDisposableStack();
  // A glance that measures for less than that is no measurement, and need not wait for it.
  const warm = { signal, rounds: Math.min(warmRounds, budgetMs) };
  onProgress?.('warming up servers');
  const servers = await openServers(chosen, warm, stack);
  const object = first.collectionGroups[0]?.objectBytes;
  const calibration = await calibrate({
    transport: first.transport,
    objectBytes: object?.kind === 'constant' ? object.value : 1102,
    budgetMs,
    fleetsOn: fleetServers(servers) ?? 'servers of their own',
    signal,
    onProgress: (doing) => onProgress?.(`measuring ${doing}`),
  });
  const rows: AgreementRow[] = [];
  const isNearSaturation = largestOf(specs);
  let last: WarmServer | undefined;
  for (const [index, planned] of chosen.entries()) {
    onProgress?.(`${index + 1} of ${chosen.length}: ${planned.label}`);
    const spec = { ...planned, wire: calibration.wire, server: calibration.server };
    const on = servers.get(policyOf(planned));
    if (on === undefined) throw new RangeError(`no server for ${planned.label}`);
    if (on !== last) await rehearseAgain(on, warm.rounds, signal);
    last = on;
    const run = isNearSaturation(planned)
      ? runNearSaturation(on, spec, (sized) => asMeasured(sized, calibration), options)
      : runOn(on, spec, options);
    const live = await run.catch(onlyLag);
    const made =
      live === undefined
        ? [notValid(planned.label)]
        : compare(planned.label, live, simulate(asMeasured(live.spec, calibration)));
    onRows?.(made);
    rows.push(...made);
  }
  return rows;
}

const policyOf = ({ pushPolicy }: RunSpec): string => JSON.stringify(pushPolicy);

/** One for each push policy, with accounts for the largest of its fleets. */
async function openServers(
  specs: readonly RunSpec[],
  options: Parameters<typeof openWarmServer>[2],
  stack: AsyncDisposableStack,
): Promise<Map<string, WarmServer>> {
  const opened = [...Map.groupBy(specs, policyOf)].flatMap(([policy, fleets]) =>
    fleets.slice(0, 1).map(async (like): Promise<[string, WarmServer]> => {
      const accounts = Math.max(...fleets.map(({ users }) => users));
      return [policy, await openWarmServer(like, accounts, options, stack)];
    }),
  );
  return new Map(await Promise.all(opened));
}

/** Those on which costs can be measured; messages only where they come soon enough for many. */
function fleetServers(servers: ReadonlyMap<string, WarmServer>): FleetServers | undefined {
  const all = [...servers.values()];
  const polled = all.find(({ like }) => !isPushedTo(like));
  const told = all.filter(({ like }) => isPushedTo(like));
  const pushed = told.find(({ like }) => putOffMs(like.pushPolicy) <= promptMs);
  if (polled === undefined || (pushed === undefined && told.length > 0)) return undefined;
  return { polled, pushed };
}

function largestOf(specs: readonly RunSpec[]): (spec: RunSpec) => boolean {
  const sizes = specs.map(({ users }) => users);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return ({ users }) => most > least && users === most;
}

/** A run that the generator was too slow for says nothing of the simulator, nor do the others lose by it. */
function onlyLag(error: unknown): undefined {
  if (error instanceof DavpulseError && error.code === 'DAVPULSE_GENERATOR_LAGGED') return undefined;
  throw error;
}

const notValid = (label: string): AgreementRow => ({
  label,
  figure: 'the generator fell behind',
  unit: '',
  live: NaN,
  sim: NaN,
  gap: NaN,
  bound: NaN,
  verdict: 'not valid',
});

/** Figure by figure; exported for tests. */
export function compare(label: string, live: RunRecord, sim: RunRecord): AgreementRow[] {
  const load = loadOf(live);
  return figures.map(({ name, unit, bound: promised, of }) => {
    const [measured, simulated] = [of(live), of(sim)];
    const gap = measured === simulated ? 0 : simulated / measured - 1;
    const bound = name.startsWith('staleness') && load > promisedLoad ? NaN : promised;
    const verdict = Number.isNaN(bound) ? 'no bound' : Math.abs(gap) <= bound ? 'agrees' : 'differs';
    return { label, figure: name, unit, live: measured, sim: simulated, gap, bound, verdict };
  });
}
