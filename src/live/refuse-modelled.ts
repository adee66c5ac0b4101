import type { RunSpec } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';

/**
 * Refuses what only the simulator models, rather than leaving it out silently.
 * @throws DavpulseError DAVPULSE_OPTION_INVALID
 */
export function refuseModelled({ label, deviceGroups, pushService }: RunSpec): void {
  const what = [
    ...(deviceGroups.some(({ connectivity }) => connectivity !== undefined)
      ? ['connectivity of devices']
      : []),
    ...(pushService.throttle === undefined ? [] : ['throttling by the push service']),
    ...((pushService.outages ?? []).length === 0
      ? []
      : ['outages of the push service (live.faults has them)']),
  ];
  if (what.length === 0) return;
  throw new DavpulseError(
    'DAVPULSE_OPTION_INVALID',
    `${label} cannot be run live: ${what.join(' and ')} is simulated only; use --backend sim`,
  );
}
