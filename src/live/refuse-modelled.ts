import { createSyncPolicy, type DeviceGroup, type RunSpec } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';

/**
 * Refuses what only the simulator models, rather than leaving it out silently.
 * @throws DavpulseError DAVPULSE_OPTION_INVALID
 */
export function refuseModelled(spec: RunSpec): void {
  const what = [
    ...ofService(spec.pushService),
    ...ofTransport(spec),
    ...spec.deviceGroups.flatMap((group) => [...ofGroup(group), ...ofLine(group, spec)]),
  ];
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

/** Nobody sends keep-alives live, which shows only in runs that are long enough for some. */
function ofLine({ keepAliveMs, syncPolicy }: DeviceGroup, spec: RunSpec): string[] {
  const everyMs = keepAliveMs ?? spec.pushService.keepAliveMs;
  const isPushed = createSyncPolicy(syncPolicy).usesPush && spec.pushPolicy.kind !== 'off';
  return isPushed && everyMs > 0 && everyMs < spec.durationMs ? ['keep-alives of push connections'] : [];
}

const ofGroup = ({ os, link, pushService, roaming, otherTraffic, syncPolicy }: DeviceGroup): string[] => [
  ...(link.natTimeoutMs === undefined ? [] : ['a NAT that forgets connections']),
  ...(roaming === undefined ? [] : ['a second network']),
  ...(otherTraffic === undefined ? [] : ['traffic of other apps']),
  ...(os?.wakingUrgency === undefined ? [] : ['waiting of pushes below an urgency']),
  ...(pushService === undefined || pushService === null ? [] : ['a push service of its own for a group']),
  ...(createSyncPolicy(syncPolicy).holdMs === undefined ? [] : ['a long poll']),
];
