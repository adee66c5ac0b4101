import { simulate, type RunSpec, type ServerSpec } from '../../sim/index.ts';
import { fitPositive, type Row } from './fit-positive.ts';
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

/** Cost of something: for each, for each burst, and most·(1 − exp(−t / time)) more when the last one was t ago. */
export interface CostFit {
  readonly eachMs: number;
  readonly burstMs: number;
  readonly mostMs: number;
  readonly timeMs: number;
}

/** A profile with such costs. */
export type WithCosts = (server: ServerSpec, fit: CostFit) => ServerSpec;

/** By how much costs are changed to see what that makes; by far more a busy server would be full. */
const stepMs = 0.05;
/** Time constants that are tried, ms. */
const timesMs = [1, 2, 5, 10, 20, 40, 80, 160, 320, 640, 1280] as const;
const middleTimeMs = 80;
const closerSteps = 2;

interface Fit extends CostFit {
  /** Sum of the squares of what is left, relative to what fleets took. */
  readonly error: number;
}

/**
 * Finds the costs with which simulated fleets take what the live ones did, in the sense of least squares of relative
 * errors: what is left when everything else has been paid at the prices of the profile. Each costs `guessMs` where fleets
 * tell nothing.
 */
export function fitCosts(fleets: readonly PaidFleet[], withCosts: WithCosts, guessMs: number): CostFit {
  const payers = fleets.map((fleet) => payerOf(fleet, withCosts));
  const unknown: Fit = { eachMs: guessMs, burstMs: 0, mostMs: 0, timeMs: middleTimeMs, error: Infinity };
  // Which time constant is best shows only near what else there is to pay.
  const start = { ...fitNear(unknown, payers), mostMs: 0 };
  let fits = timesMs.map((timeMs) => fitNear({ ...start, timeMs }, payers));
  // What else is paid depends on these costs a little: again near the best, and near those that could be better.
  for (let step = 0; step < closerSteps; step += 1) {
    const near = fits.indexOf(bestOf(fits, unknown));
    fits = fits.slice(Math.max(0, near - 1), near + 2).map((fit) => fitNear(fit, payers));
  }
  const { error: _, ...found } = bestOf(fits, unknown);
  return found;
}

const bestOf = (fits: readonly Fit[], otherwise: Fit): Fit =>
  fits.reduce((least, fit) => (fit.error < least.error ? fit : least), otherwise);

function fitNear(fit: Fit, payers: readonly Payer[]): Fit {
  const rows = payers.map((payer) => rowOf(payer, fit));
  const { values, error } = fitPositive(rows, costs.length);
  const [eachMs = NaN, burstMs = NaN, mostMs = NaN] = values;
  if (rows.length === 0 || error === Infinity) return fit;
  return { ...fit, eachMs, burstMs, mostMs, error };
}

const costs = ['eachMs', 'burstMs', 'mostMs'] as const;

/**
 * What a fleet takes more for each ms of each cost, and what they must come to together, as shares of what it took. Near
 * the costs so far.
 */
function rowOf({ tookMs, weight, pay }: Payer, fit: CostFit): Row {
  const paid = pay(fit);
  const more = costs.map((cost) => ({
    cost,
    ofEachMs: (pay({ ...fit, [cost]: fit[cost] + stepMs }) - paid) / stepMs,
  }));
  const together = tookMs - paid + sumOf(more, ({ cost, ofEachMs }) => ofEachMs * fit[cost]);
  return { parts: more.map(({ ofEachMs }) => ofEachMs / tookMs), sum: together / tookMs, weight };
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
  const timeless = new Map<string, number>();
  const simulated = (fit: CostFit): number => paidAt(visits, withCosts, fit);
  return {
    weight: weightOf(visits),
    tookMs: sumOf(visits, ({ busyMs }) => busyMs),
    pay: (fit) => {
      if (fit.mostMs !== 0) return simulated(fit);
      const key = `${fit.eachMs} ${fit.burstMs}`;
      const paid = timeless.get(key) ?? simulated(fit);
      timeless.set(key, paid);
      return paid;
    },
  };
}

/** Of as many requests as there were: a server that is full does not get to all, where the simulated one may. */
function busyMsAt({ spec, requests }: PaidVisit, withCosts: WithCosts, fit: CostFit): number {
  const { server } = simulate({ ...spec, server: withCosts(spec.server, fit) });
  return server.requests > requests ? (server.busyMs * requests) / server.requests : server.busyMs;
}

const paidAt = (visits: readonly PaidVisit[], withCosts: WithCosts, fit: CostFit): number =>
  sumOf(visits, (visit) => busyMsAt(visit, withCosts, fit));

/** What costs come to in all fleets together, ms. */
export function paidFor(fleets: readonly PaidFleet[], withCosts: WithCosts, fit: CostFit): number {
  const all = fleets.flatMap(({ visits }) => visits);
  return paidAt(all, withCosts, fit) - paidAt(all, withCosts, { ...fit, eachMs: 0, burstMs: 0, mostMs: 0 });
}
