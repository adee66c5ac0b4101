import type { Histogram } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';
import type { LoopDelay } from './loop-watch.ts';

/**
 * @throws DavpulseError DAVPULSE_GENERATOR_LAGGED when the p99 of the scheduling lag, or of the event loop's delay,
 * is over the limit
 */
export function refuseLag(lag: Histogram, loop: LoopDelay, maxLagMs: number): void {
  const p99 = lag.quantile(0.99);
  if (!(p99 > maxLagMs || loop.p99 > maxLagMs)) return;
  throw new DavpulseError(
    'DAVPULSE_GENERATOR_LAGGED',
    `the load generator fell behind: 1 % of its ${lag.count} starts came ${Math.round(p99)} ms late or more and its ` +
      `event loop ${Math.round(loop.p99)} ms, at worst ${Math.round(loop.max)} ms (allowed: ${maxLagMs} ms), so the ` +
      'run is not valid; use fewer devices or a quieter machine',
  );
}
