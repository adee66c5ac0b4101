import { simulate, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { estimate, type Estimate } from '../results/index.ts';

export interface PlanOptions {
  readonly seeds: readonly number[];
  /** Share of its workers that a server may be busy, over the hour with the highest load. */
  readonly objective: number;
  /** Of one server in one month, in any currency. */
  readonly monthlyCost: number;
  readonly onProgress?: (doing: string) => void;
}

/** What a scenario asks of its server, and so how many servers it takes. */
export interface Plan {
  readonly devices: number;
  /** Busy share of all workers: over the whole time, in the highest hour, in the highest second. */
  readonly busy: { readonly mean: Estimate; readonly peakHour: Estimate; readonly peakSecond: Estimate };
  /** Devices that one server carries while its highest hour stays at the objective. */
  readonly devicesPerServer: Estimate;
  /** The same when every push message is lost, so that only safety polls are left. */
  readonly devicesPerServerWithoutPush: Estimate;
  readonly costPerThousandDevices: Estimate;
  /** Polls as seldom as this make as many contacts as the scenario does, ms. */
  readonly equalPollIntervalMs: Estimate;
  readonly sensitivity: readonly Sensitivity[];
  /** Devices per server beyond this many times what was simulated are an extrapolation. */
  readonly extrapolates: boolean;
}

/** How devices per server answer to one assumption. */
export interface Sensitivity {
  readonly assumption: string;
  readonly devicesPerServer: number;
  /** Against the plan itself. */
  readonly change: number;
}

const hourMs = 3_600_000;
const secondMs = 1000;
/** Load grows with devices in proportion up to queues, which the objective keeps short; far beyond, nothing was checked. */
const trustedFactor = 20;

/**
 * Answers from simulation what a scenario takes: the scenario as it is, without its pushes, and with each
 * assumption a fifth higher.
 */
export function plan(spec: RunSpec, options: PlanOptions): Plan {
  const { seeds, objective, monthlyCost, onProgress } = options;
  const runs = (changed: RunSpec): RunRecord[] => seeds.map((seed) => simulate({ ...changed, seed }));
  onProgress?.('the scenario');
  const base = runs(spec);
  onProgress?.('without push');
  const withoutPush = runs({ ...spec, pushService: { ...spec.pushService, loss: 1 } });
  const perServer = (records: readonly RunRecord[]): Estimate =>
    estimate(records.map((record) => devicesPerServer(record, objective)));
  const carried = perServer(base);
  return {
    devices: base[0]?.devices ?? 0,
    busy: {
      mean: estimate(base.map((record) => busyShare(record, record.server.requests / record.countedMs))),
      peakHour: estimate(base.map((record) => busyShare(record, peakHourRate(record)))),
      peakSecond: estimate(base.map((record) => busyShare(record, record.server.peakPerSecond / secondMs))),
    },
    devicesPerServer: carried,
    devicesPerServerWithoutPush: perServer(withoutPush),
    costPerThousandDevices: estimate(
      base.map((record) => (monthlyCost * 1000) / devicesPerServer(record, objective)),
    ),
    equalPollIntervalMs: estimate(base.map(contactInterval)),
    sensitivity: assumptions.map(({ name, apply }) => {
      onProgress?.(name);
      const changed = perServer(runs(apply(spec))).mean;
      return { assumption: name, devicesPerServer: changed, change: changed / carried.mean - 1 };
    }),
    extrapolates: carried.mean > trustedFactor * (base[0]?.devices ?? 0),
  };
}

/** Busy share of the workers at a rate of requests per ms, pushes and their work included in proportion. */
function busyShare({ server, spec }: RunRecord, perMs: number): number {
  const workPerRequest = server.requests === 0 ? 0 : server.busyMs / server.requests;
  return (perMs * workPerRequest) / spec.server.workers;
}

/** Requests per ms in the hour, or the whole time if that is shorter, that has the most. */
function peakHourRate({ server, countedMs }: RunRecord): number {
  const { binMs, requests } = server.series;
  const bins = Math.min(requests.length, Math.max(1, Math.round(Math.min(hourMs, countedMs) / binMs)));
  let sum = requests.slice(0, bins).reduce((total, count) => total + count, 0);
  let most = sum;
  for (let end = bins; end < requests.length; end += 1) {
    sum += (requests[end] ?? 0) - (requests[end - bins] ?? 0);
    most = Math.max(most, sum);
  }
  return most / (bins * binMs);
}

const devicesPerServer = (record: RunRecord, objective: number): number =>
  (record.devices * objective) / busyShare(record, peakHourRate(record));

function contactInterval({ groups, devices, countedMs }: RunRecord): number {
  const contacts = groups.reduce((sum, group) => sum + group.contacts, 0);
  return (devices * countedMs) / contacts;
}

const more = 1.2;

const assumptions: readonly { readonly name: string; readonly apply: (spec: RunSpec) => RunSpec }[] = [
  {
    name: 'users have 20 % more devices',
    apply: (spec) => ({
      ...spec,
      deviceGroups: spec.deviceGroups.map((group) => ({ ...group, perUser: group.perUser * more })),
    }),
  },
  {
    name: 'collections change 20 % more often',
    apply: (spec) => ({
      ...spec,
      collectionGroups: spec.collectionGroups.map((group) =>
        'perDay' in group.changes
          ? { ...group, changes: { ...group.changes, perDay: group.changes.perDay * more } }
          : group,
      ),
    }),
  },
  {
    name: 'collections are shared by 20 % more users',
    apply: (spec) => ({
      ...spec,
      collectionGroups: spec.collectionGroups.map((group) =>
        group.members === 1
          ? group
          : { ...group, members: Math.min(spec.users, Math.ceil(group.members * more)) },
      ),
    }),
  },
];
