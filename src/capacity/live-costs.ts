import { simulate, type RunSpec } from '../../sim/index.ts';
import { asMeasured, type Measured } from './as-measured.ts';
import { fitCosts, type CostFit, type LivedFleet, type WithCosts } from './fit-costs.ts';
import { runOn, type WarmServer } from './run-warm.ts';
import { threadTimeOf, type ThreadTime } from './with-threads.ts';

/** A machine that is too slow for the figures of a run may be good enough for its costs. */
export const patientMs = 5000;
/** For contacts and messages to be on their way. */
const warmUpMs = 500;

/**
 * Lets fleets live on a server, and finds costs as `fitCosts` does; `costMs` is what they come to in all fleets together.
 * @throws DavpulseError when the server refuses or fails
 */
export async function liveCosts(
  on: WarmServer,
  fleets: readonly RunSpec[],
  measured: Measured,
  {
    withCosts,
    leastMs,
    signal,
  }: { readonly withCosts: WithCosts; readonly leastMs: number; readonly signal: AbortSignal },
): Promise<{ fit: CostFit; costMs: number; times: ThreadTime[] }> {
  const lived: LivedFleet[] = [];
  const times: ThreadTime[] = [];
  for (const fleet of fleets) {
    const spec = { ...fleet, warmUpMs };
    const record = await runOn(on, spec, { signal, maxLagMs: patientMs });
    const { busyMs } = record.server;
    times.push(threadTimeOf(record));
    if (busyMs > 0) lived.push({ spec: asMeasured(spec, measured), busyMs });
  }
  const fit = fitCosts(lived, withCosts, leastMs);
  const paid = (costs: CostFit): number =>
    lived.reduce((sum, { spec }) => {
      const { server } = simulate({ ...spec, server: withCosts(spec.server, costs) });
      return sum + server.busyMs;
    }, 0);
  return { fit, costMs: paid(fit) - paid({ ...fit, eachMs: 0, mostMs: 0 }), times };
}
