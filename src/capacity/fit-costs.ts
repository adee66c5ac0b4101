import { simulate, type RunSpec, type ServerSpec } from '../../sim/index.ts';
import { errorOf, fitPair, type PairRow } from './fit-pair.ts';
import { sumOf } from './sum-of.ts';
import { weightOf } from './weight-of.ts';

/** A fleet that has lived, each time as the simulator takes it, and what its server took in processor time for how many requests. */
export interface PaidFleet {
  readonly visits: readonly PaidVisit[];
}

interface PaidVisit {
  readonly spec: RunSpec;
  readonly requests: number;
  readonly busyMs: number;
}

/** Cost of something: for each, and most·(1 − exp(−t / time)) more when the last one was t ago. */
export interface CostFit {
  readonly eachMs: number;
  readonly mostMs: number;
  readonly timeMs: number;
}

/** A profile with such costs. */
export type WithCosts = (server: ServerSpec, fit: CostFit) => ServerSpec;

/** By how much costs are changed to see what that makes; by far more a busy server would be full. */
const stepMs = 0.05;
/** Time constants that are tried, ms. */
const timesMs = [1, 2, 5, 10, 20, 40, 80, 160, 320, 640, 1280] as const;

interface Fit extends CostFit {
  /** Sum of the squares of what is left, relative to what fleets took. */
  readonly error: number;
}

/**
 * Finds the costs with which simulated fleets take what the live ones did, in the sense of least squares of relative
 * errors: what is left when everything else has been paid at the prices of the profile. Each costs `leastMs` or more,
 * without which one cost could stand for the other, and just that where fleets tell nothing.
 */
export function fitCosts(fleets: readonly PaidFleet[], withCosts: WithCosts, leastMs: number): CostFit {
  const payers = fleets.map((fleet) => payerOf(fleet, withCosts));
  const unknown: Fit = { eachMs: leastMs, mostMs: 0, timeMs: timesMs[0], error: Infinity };
  const roughly = timesMs.map((timeMs) => fitNear({ ...unknown, timeMs }, payers, leastMs));
  const found = roughly.indexOf(bestOf(roughly, unknown));
  // What else is paid depends on these costs a little: again near the best, and near those that could be better.
  const closely = roughly
    .slice(Math.max(0, found - 1), found + 2)
    .map((fit) => fitNear(fit, payers, leastMs));
  const { eachMs, mostMs, timeMs } = bestOf(closely, unknown);
  return { eachMs, mostMs, timeMs };
}

const bestOf = (fits: readonly Fit[], otherwise: Fit): Fit =>
  fits.reduce((least, fit) => (fit.error < least.error ? fit : least), otherwise);

function fitNear(fit: Fit, payers: readonly Payer[], leastMs: number): Fit {
  const rows = payers.map((payer) => rowOf(payer, fit));
  const pair = fitPair(rows, leastMs);
  if (Number.isNaN(pair.x + pair.y)) return fit;
  return { ...fit, eachMs: pair.x, mostMs: pair.y, error: errorOf(rows, pair) };
}

/**
 * What a fleet takes more for each ms of either cost, and what they must come to together, as shares of what it took.
 * Near the costs so far.
 */
function rowOf({ tookMs, weight, pay }: Payer, fit: CostFit): PairRow {
  const { eachMs, mostMs } = fit;
  const paid = pay(fit);
  const each = (pay({ ...fit, eachMs: eachMs + stepMs }) - paid) / stepMs;
  const most = (pay({ ...fit, mostMs: mostMs + stepMs }) - paid) / stepMs;
  const sum = (tookMs - paid + each * eachMs + most * mostMs) / tookMs;
  return { a: each / tookMs, b: most / tookMs, sum, weight };
}

interface Payer {
  readonly tookMs: number;
  /** How far its row counts. */
  readonly weight: number;
  /** What the fleet takes at these costs, ms. */
  readonly pay: (costs: CostFit) => number;
}

/** Where nothing is paid for having waited, no time constant makes a difference: that is simulated once for all of them. */
function payerOf({ visits }: PaidFleet, withCosts: WithCosts): Payer {
  const timeless = new Map<number, number>();
  const simulated = (costs: CostFit): number => paidAt(visits, withCosts, costs);
  return {
    weight: weightOf(visits),
    tookMs: sumOf(visits, ({ busyMs }) => busyMs),
    pay: (costs) => {
      if (costs.mostMs !== 0) return simulated(costs);
      const paid = timeless.get(costs.eachMs) ?? simulated(costs);
      timeless.set(costs.eachMs, paid);
      return paid;
    },
  };
}

/** Of as many requests as there were: a server that is full does not get to all, where the simulated one may. */
function busyMsAt({ spec, requests }: PaidVisit, withCosts: WithCosts, costs: CostFit): number {
  const { server } = simulate({ ...spec, server: withCosts(spec.server, costs) });
  return server.requests > requests ? (server.busyMs * requests) / server.requests : server.busyMs;
}

const paidAt = (visits: readonly PaidVisit[], withCosts: WithCosts, costs: CostFit): number =>
  sumOf(visits, (visit) => busyMsAt(visit, withCosts, costs));

/** What costs come to in all fleets together, ms. */
export function paidFor(fleets: readonly PaidFleet[], withCosts: WithCosts, fit: CostFit): number {
  const all = fleets.flatMap(({ visits }) => visits);
  return paidAt(all, withCosts, fit) - paidAt(all, withCosts, { ...fit, eachMs: 0, mostMs: 0 });
}
