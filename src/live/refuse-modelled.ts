import { createSyncPolicy, type DeviceGroup, type RunSpec } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';

/**
 * Refuses what only the simulator models, rather than leaving it out silently.
 * @throws DavpulseError DAVPULSE_OPTION_INVALID
 */
export function refuseModelled(spec: RunSpec): void {
  const what = [...ofService(spec.pushService), ...ofTransport(spec), ...spec.deviceGroups.flatMap(ofGroup)];
  if (what.length === 0) return;
  throw new DavpulseError(
    'DAVPULSE_OPTION_INVALID',
    `${spec.label} cannot be run live: ${[...new Set(what)].join(' and ')} is simulated only; use --backend sim`,
  );
}

const ofService = ({ throttle, deviceLimit, mostStored }: RunSpec['pushService']): string[] => [
  ...(throttle === undefined && deviceLimit === undefined ? [] : ['throttling by the push service']),
  ...(mostStored === undefined ? [] : ['a limit of stored push messages']),
];

const ofTransport = ({ transport }: RunSpec): string[] =>
  transport.http === '2' && !transport.tls ? ['HTTP/2 without TLS'] : [];

const ofGroup = ({ os, pushService, syncPolicy }: DeviceGroup): string[] => [
  ...(os?.wakingUrgency === undefined ? [] : ['waiting of pushes below an urgency']),
  ...(pushService === undefined || pushService === null ? [] : ['a push service of its own for a group']),
  ...(createSyncPolicy(syncPolicy).holdMs === undefined ? [] : ['a long poll']),
];
