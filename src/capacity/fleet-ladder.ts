import { histogramQuantile, mergeHistograms, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { checkThresholds, type Threshold } from '../results/index.ts';
import { onlyLag } from './only-lag.ts';

/** A whole fleet of one size on the server. */
export interface FleetRung {
  readonly users: number;
  readonly devices: number;
  readonly requestsPerSecond: number;
  /** Time of an answer, ms, from when the request should have started. */
  readonly responseP50Ms: number;
  readonly responseP99Ms: number;
  readonly stalenessP50Ms: number;
  readonly stalenessP95Ms: number;
  /** Processors that the server kept busy; `NaN` where its process is not known. */
  readonly processors: number;
  readonly residentBytes: number;
  /** The value that the objective is about, in its unit. */
  readonly value: number;
  readonly verdict: 'holds' | 'breaks' | 'generator fell behind';
}

export interface FleetLadder {
  readonly objective: string;
  readonly rungs: readonly FleetRung[];
  /** Devices of the largest fleet that the objective held for; 0 when it held for none. */
  readonly devices: number;
  /** Whether the server was the limit, or the machine that makes the load, or the accounts at hand. */
  readonly limit: 'objective' | 'generator' | 'accounts';
}

export interface FleetLadderOptions {
  readonly objective: Threshold;
  readonly mostUsers: number;
  readonly run: (spec: RunSpec) => Promise<RunRecord>;
  readonly onProgress?: (doing: string) => void;
}

const bisections = 2;

/**
 * Doubles a scenario's fleet until the objective breaks, then halves the step: an open model, in which devices come
 * when they are due whatever the server does. @throws DavpulseError when a run fails other than by lag
 */
export async function climbWithFleet(
  spec: RunSpec,
  { objective, mostUsers, run, onProgress }: FleetLadderOptions,
): Promise<FleetLadder> {
  const rungs: FleetRung[] = [];
  const stand = async (users: number): Promise<FleetRung['verdict']> => {
    onProgress?.(`a fleet of ${users} users`);
    const rung = await standOn({ ...spec, users }, objective, run);
    rungs.push(rung);
    return rung.verdict;
  };
  let [held, broken] = [0, Infinity];
  for (let users = spec.users; users <= mostUsers && broken === Infinity; users *= 2) {
    if ((await stand(users)) === 'holds') held = users;
    else broken = users;
  }
  for (let left = bisections; left > 0 && broken !== Infinity && held > 0; left -= 1) {
    const users = Math.round((held + broken) / 2);
    if ((await stand(users)) === 'holds') held = users;
    else broken = users;
  }
  rungs.sort((a, b) => a.users - b.users);
  const firstBroken = rungs.find(({ verdict }) => verdict !== 'holds');
  return {
    objective: objective.text,
    rungs,
    devices: rungs.find(({ users }) => users === held)?.devices ?? 0,
    limit:
      firstBroken === undefined ? 'accounts' : firstBroken.verdict === 'breaks' ? 'objective' : 'generator',
  };
}

async function standOn(
  spec: RunSpec,
  objective: Threshold,
  run: (spec: RunSpec) => Promise<RunRecord>,
): Promise<FleetRung> {
  const record = await run(spec).catch(onlyLag);
  if (record !== undefined) return rungOf(record, objective);
  return { ...unknown, users: spec.users, verdict: 'generator fell behind' };
}

const unknown = {
  devices: NaN,
  requestsPerSecond: NaN,
  responseP50Ms: NaN,
  responseP99Ms: NaN,
  stalenessP50Ms: NaN,
  stalenessP95Ms: NaN,
  processors: NaN,
  residentBytes: NaN,
  value: NaN,
} as const;

function rungOf(record: RunRecord, objective: Threshold): FleetRung {
  const staleness = mergeHistograms(Object.values(record.staleness));
  const response = record.generator?.responseMs ?? record.server.responseMs;
  const [outcome] = checkThresholds([record], [objective]);
  const { busyMs, requests, residentBytes = NaN } = record.server;
  return {
    users: record.spec.users,
    devices: record.devices,
    requestsPerSecond: (1000 * requests) / record.countedMs,
    responseP50Ms: histogramQuantile(response, 0.5),
    responseP99Ms: histogramQuantile(response, 0.99),
    stalenessP50Ms: histogramQuantile(staleness, 0.5),
    stalenessP95Ms: histogramQuantile(staleness, 0.95),
    processors: busyMs > 0 ? busyMs / record.countedMs : NaN,
    residentBytes,
    value: outcome?.value ?? NaN,
    verdict: outcome?.held === true ? 'holds' : 'breaks',
  };
}
