import { simulate, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { estimate, type Estimate } from '../results/index.ts';
import { assumptions } from './plan-assumptions.ts';
import { breakEvens, hasPush, type BreakEven } from './plan-break-even.ts';
import { herdAfterPush, type Herd } from './plan-herd.ts';
import { meanLoad, peakHourLoad, peakSecondLoad, sumOf } from './plan-load.ts';
import { outageLoad, type OutageLoad } from './plan-outage.ts';
import { bottleneckOf, carriedBy, type Limits, type Resource } from './plan-resources.ts';

export interface PlanOptions {
  readonly seeds: readonly number[];
  readonly limits: Limits;
  /** Of one server in one month, in any currency. */
  readonly monthlyCost: number;
  readonly onProgress?: (doing: string) => void;
}

/** What a scenario asks of its server, and so how many servers it takes. */
export interface Plan {
  readonly devices: number;
  /** Busy share of all workers: over the whole time, in the highest hour, in the highest second. */
  readonly busy: { readonly mean: Estimate; readonly peakHour: Estimate; readonly peakSecond: Estimate };
  /** Devices that one server carries within its limits, and what gives out first. */
  readonly devicesPerServer: Estimate;
  readonly bottleneck: Resource;
  /** Devices that each resource alone would carry; `NaN` where the profile tells nothing of it. */
  readonly carried: Readonly<Record<Resource, Estimate>>;
  /** The same when every push message is lost, so that only safety polls are left. */
  readonly devicesPerServerWithoutPush: Estimate;
  readonly costPerThousandDevices: Estimate;
  /** Loads as they would be with as many devices as one server carries. */
  readonly full: {
    readonly peakHour: number;
    readonly peakSecond: number;
    readonly outage: OutageLoad | undefined;
  };
  readonly herd: Herd | undefined;
  readonly breakEven: readonly BreakEven[];
  /** Polls as seldom as this make as many contacts as the scenario does, ms. */
  readonly equalPollIntervalMs: Estimate;
  readonly sensitivity: readonly Sensitivity[];
  /** What of all this lies beyond what was simulated or measured. */
  readonly extrapolations: readonly string[];
}

/** How devices per server answer to one assumption. */
export interface Sensitivity {
  readonly assumption: string;
  readonly devicesPerServer: number;
  /** Against the plan itself. */
  readonly change: number;
  /** The same for what the processor alone carries, where something else gives out first. */
  readonly processorChange: number;
}

/** Load grows with devices in proportion up to queues, which the objective keeps short; far beyond, nothing was checked. */
const trustedFactor = 20;
/** Up to this load live and simulated staleness are promised to agree (davpulse validate). */
const validatedLoad = 0.7;

/**
 * Answers from simulation what a scenario takes: the scenario as it is, without its pushes, with a push service that
 * dies in the highest hour, with one change that everybody learns of, and with each assumption a fifth higher.
 */
export function plan(given: RunSpec, options: PlanOptions): Plan {
  const { seeds, limits, monthlyCost, onProgress } = options;
  const spec = atWork(given);
  const runs = (changed: RunSpec): RunRecord[] => seeds.map((seed) => simulate({ ...changed, seed }));
  const least = (record: RunRecord): number => {
    const carried = carriedBy(record, limits);
    return carried[bottleneckOf(carried)];
  };
  onProgress?.('the scenario');
  const base = runs(spec);
  const [first] = base;
  if (first === undefined) throw new RangeError('a plan needs a seed');
  onProgress?.('without push');
  const withoutPush = runs({ ...spec, pushService: { ...spec.pushService, loss: 1 } });
  const devicesPerServer = estimate(base.map(least));
  const carried = carriedEstimates(base, limits);
  const scale = devicesPerServer.mean / first.devices;
  const peakHour = estimate(base.map((record) => sumOf(peakHourLoad(record))));
  const peakSecond = estimate(base.map((record) => sumOf(peakSecondLoad(record))));
  onProgress?.('a herd and an outage');
  const herd = hasPush(spec) ? herdAfterPush(spec, scale * peakHour.mean) : undefined;
  const outage = hasPush(spec)
    ? scaledOutage(outageLoad({ ...spec, seed: first.spec.seed }, first), scale)
    : undefined;
  onProgress?.('polls against push');
  const breakEven = breakEvens(spec);
  return {
    devices: first.devices,
    busy: { mean: estimate(base.map((record) => sumOf(meanLoad(record)))), peakHour, peakSecond },
    devicesPerServer,
    bottleneck: bottleneckOf(byResource((resource) => carried[resource].mean)),
    carried,
    devicesPerServerWithoutPush: estimate(withoutPush.map(least)),
    costPerThousandDevices: estimate(base.map((record) => (monthlyCost * 1000) / least(record))),
    full: { peakHour: scale * peakHour.mean, peakSecond: scale * peakSecond.mean, outage },
    herd,
    breakEven,
    equalPollIntervalMs: estimate(base.map(contactInterval)),
    sensitivity: assumptions.map(({ name, apply }) => {
      onProgress?.(name);
      const records = runs(apply(spec));
      const changed = estimate(records.map(least)).mean;
      return {
        assumption: name,
        devicesPerServer: changed,
        change: changed / devicesPerServer.mean - 1,
        processorChange: carriedEstimates(records, limits).processor.mean / carried.processor.mean - 1,
      };
    }),
    extrapolations: extrapolationsOf(spec, limits, scale, scale * peakHour.mean),
  };
}

/**
 * What idle time costs does not count for a server that is planned to be busy, nor does what delays nobody. What large bursts
 * leave to other threads is not counted on, as these may have no processor to themselves.
 */
function atWork(spec: RunSpec): RunSpec {
  const {
    cold: _cold,
    coldKept: _kept,
    coldOfCheck: _ofCheck,
    newsCold: _news,
    pushCold: _pushes,
    besides: _besides,
    pushBesides: _pushBesides,
    pushThreads: _threads,
    pushWaits: _waits,
    majorGc: _majorGc,
    upkeepMs: _upkeep,
    ...server
  } = spec.server;
  return { ...spec, server };
}

const byResource = <Value>(of: (resource: Resource) => Value): Record<Resource, Value> => ({
  processor: of('processor'),
  'push dispatch': of('push dispatch'),
  connections: of('connections'),
  memory: of('memory'),
});

function carriedEstimates(base: readonly RunRecord[], limits: Limits): Record<Resource, Estimate> {
  const each = base.map((record) => carriedBy(record, limits));
  return byResource((resource) => {
    const values = each.map((carried) => carried[resource]);
    return values.every((value) => value === Infinity)
      ? { mean: Infinity, n: values.length }
      : estimate(values);
  });
}

const scaledOutage = (load: OutageLoad, scale: number): OutageLoad => ({
  during: load.during * scale,
  after: load.after * scale,
  duringWithout: load.duringWithout * scale,
  afterWithout: load.afterWithout * scale,
});

function contactInterval({ groups, devices, countedMs }: RunRecord): number {
  const contacts = groups.reduce((sum, group) => sum + group.contacts, 0);
  return (devices * countedMs) / contacts;
}

function extrapolationsOf(
  { server, transport }: RunSpec,
  limits: Limits,
  scale: number,
  load: number,
): string[] {
  return [
    ...(scale > trustedFactor
      ? [`a server carries ${scale.toFixed(0)} times the devices that were simulated: raise users to check`]
      : []),
    ...(load > validatedLoad
      ? [
          `the highest hour is planned at ${(load * 100).toFixed(0)} % load; live runs were compared up to 70 %`,
        ]
      : []),
    ...(server.memory === undefined
      ? ['the profile has no memory: davpulse capacity --out FILE measures it']
      : []),
    ...(transport.tls && server.connectMs === undefined
      ? [
          'the profile does not say what TLS handshakes take of the processor, often more than a request: davpulse capacity --out FILE measures it',
        ]
      : []),
    ...(server.workers > 1
      ? ['workers are taken not to slow each other; the ladders of davpulse capacity tell how far that holds']
      : []),
    `that a server holds ${limits.connections.toLocaleString('en')} connections is what --connections says, not measured`,
  ];
}
