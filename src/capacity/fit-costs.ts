import { simulate, type RunSpec, type ServerSpec } from '../../sim/index.ts';
import { fitPair, type PairRow } from './fit-pair.ts';
import { sumOf } from './sum-of.ts';

/** A fleet that has lived, each time as the simulator takes it, and what its server took in processor time. */
export interface PaidFleet {
  readonly visits: readonly { readonly spec: RunSpec; readonly busyMs: number }[];
}

/** Cost of something: for each, and most·(1 − exp(−t / time)) more when the last one was t ago. */
export interface CostFit {
  readonly eachMs: number;
  readonly mostMs: number;
  readonly timeMs: number;
}

/** A profile with such costs. */
export type WithCosts = (server: ServerSpec, fit: CostFit) => ServerSpec;

/** Time constants that are tried, ms. */
const timesMs = [1, 2, 5, 10, 20, 40, 80, 160, 320, 640, 1280] as const;
const rounds = 2;

/**
 * Finds the costs with which simulated fleets take what the live ones did, in the sense of least squares of relative
 * errors: what is left when everything else has been paid at the prices of the profile. Each costs `leastMs` or more,
 * without which one cost could stand for the other, and just that where fleets tell nothing.
 */
export function fitCosts(fleets: readonly PaidFleet[], withCosts: WithCosts, leastMs: number): CostFit {
  const fits = timesMs.map((timeMs) => fitAt(timeMs, fleets, withCosts, leastMs));
  const unknown = { eachMs: leastMs, mostMs: 0, timeMs: timesMs[0], error: Infinity };
  const best = fits.reduce((least, fit) => (fit.error < least.error ? fit : least), unknown);
  return { eachMs: best.eachMs, mostMs: best.mostMs, timeMs: best.timeMs };
}

function fitAt(timeMs: number, fleets: readonly PaidFleet[], withCosts: WithCosts, leastMs: number) {
  let fit = { eachMs: leastMs, mostMs: 0, timeMs, error: Infinity };
  for (let round = 0; round < rounds; round += 1) {
    const rows = fleets.map((fleet) => rowOf(fleet, withCosts, fit));
    const { x, y } = fitPair(rows, leastMs);
    if (Number.isNaN(x + y)) return fit;
    const error = rows.reduce((total, { a, b, sum }) => total + (x * a + y * b - sum) ** 2, 0);
    fit = { ...fit, eachMs: x, mostMs: y, error };
  }
  return fit;
}

/**
 * What a fleet takes more for each ms of either cost, and what they must come to together, as shares of what it took.
 * Near the costs so far, as what else is paid depends on them a little.
 */
function rowOf({ visits }: PaidFleet, withCosts: WithCosts, fit: CostFit): PairRow {
  const run = (costs: CostFit): number => sumOf(visits, ({ spec }) => busyMsAt(spec, withCosts, costs));
  const { eachMs, mostMs } = fit;
  const took = sumOf(visits, ({ busyMs }) => busyMs);
  const paid = run(fit);
  const each = run({ ...fit, eachMs: eachMs + 1 }) - paid;
  const most = run({ ...fit, mostMs: mostMs + 1 }) - paid;
  return { a: each / took, b: most / took, sum: (took - paid + each * eachMs + most * mostMs) / took };
}

const busyMsAt = (spec: RunSpec, withCosts: WithCosts, costs: CostFit): number =>
  simulate({ ...spec, server: withCosts(spec.server, costs) }).server.busyMs;

/** What costs come to in all fleets together, ms. */
export function paidFor(fleets: readonly PaidFleet[], withCosts: WithCosts, fit: CostFit): number {
  const pay = (costs: CostFit): number =>
    sumOf(
      fleets.flatMap(({ visits }) => visits),
      ({ spec }) => busyMsAt(spec, withCosts, costs),
    );
  return pay(fit) - pay({ ...fit, eachMs: 0, mostMs: 0 });
}
