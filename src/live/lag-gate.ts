import type { Histogram } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';

/** @throws DavpulseError DAVPULSE_GENERATOR_LAGGED when the p99 of the scheduling lag is over the limit */
export function refuseLag(lag: Histogram, maxLagMs: number): void {
  const p99 = lag.quantile(0.99);
  if (!(p99 > maxLagMs)) return;
  throw new DavpulseError(
    'DAVPULSE_GENERATOR_LAGGED',
    `the load generator fell behind: 1 % of its ${lag.count} starts came ${Math.round(p99)} ms late or more ` +
      `(allowed: ${maxLagMs} ms), so the run is not valid; use fewer devices or a quieter machine`,
  );
}
