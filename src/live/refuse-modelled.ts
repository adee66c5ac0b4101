import { createSyncPolicy, type DeviceGroup, type RunSpec } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { refreshing } from './invitations.ts';

/** What a live run cannot do, and why. */
interface Refusal {
  readonly what: string;
  readonly why: string;
}

/**
 * Refuses what only the simulator models, rather than leaving it out silently.
 * @throws DavpulseError DAVPULSE_OPTION_INVALID
 */
export function refuseModelled(spec: RunSpec): void {
  const refusals = new Map(
    [
      ...ofService(spec),
      ...ofTransport(spec),
      ...ofServer(spec),
      ...spec.collectionGroups.flatMap(ofInvitations),
      ...spec.deviceGroups.flatMap((group) => [...ofGroup(group), ...ofLine(group, spec)]),
    ].map(({ what, why }) => [what, why]),
  );
  if (refusals.size === 0) return;
  const reasons = [...refusals].map(([what, why]) => `${what} is simulated only (${why})`);
  throw new DavpulseError(
    'DAVPULSE_OPTION_INVALID',
    `${spec.label} cannot be run live: ${reasons.join('; ')}; use --backend sim`,
  );
}

const refusal = (isThere: boolean, what: string, why: string): Refusal[] => (isThere ? [{ what, why }] : []);

function ofService({ pushService, pushPolicy, collectionGroups }: RunSpec): Refusal[] {
  const { throttle, deviceLimit, loss, mostStored } = pushService;
  const isThrottled = throttle !== undefined || deviceLimit !== undefined;
  const isMixed = collectionGroups.some(({ importance: { high, low } }) => high + low > 0);
  return [
    ...refusal(
      isThrottled && loss > 0,
      'throttling of a push service that also loses messages',
      'live messages are lost after the throttle has counted them',
    ),
    ...refusal(
      mostStored !== undefined,
      'a limit of stored push messages',
      'the bundled push service keeps all',
    ),
    ...refusal(
      isMixed && pushPolicy.kind === 'by-importance',
      'importance that is drawn at random',
      'a real server judges it by when an event starts, and whether it has an alarm',
    ),
  ];
}

const ofTransport = ({ transport }: RunSpec): Refusal[] =>
  refusal(
    transport.http === '2' && !transport.tls,
    'HTTP/2 without TLS',
    'no server of those that are driven speaks it',
  );

/** Over what time the bundled server looks at its load, ms. */
const pacedOverMs = 60_000;

function ofServer({ server: { pacing } }: RunSpec): Refusal[] {
  const isOther = pacing !== undefined && !(pacing.smooth && pacing.overMs === pacedOverMs);
  return refusal(
    isOther && pacing.steps.length > 1,
    'pacing in steps, or by the load of another time than a minute',
    'the bundled server announces intervals that grow evenly with the load of the last minute',
  );
}

/** Nobody sends keep-alives live, which shows only in runs that are long enough for some. */
function ofLine({ keepAliveMs, syncPolicy }: DeviceGroup, spec: RunSpec): Refusal[] {
  const everyMs = keepAliveMs ?? spec.pushService.keepAliveMs;
  const isPushed = createSyncPolicy(syncPolicy).usesPush && spec.pushPolicy.kind !== 'off';
  return refusal(
    isPushed && everyMs > 0 && everyMs < spec.durationMs,
    'keep-alives of push connections',
    'live devices send none',
  );
}

const ofGroup = ({ os, link, pushService, roaming, otherTraffic, syncPolicy }: DeviceGroup): Refusal[] => [
  ...refusal(
    link.natTimeoutMs !== undefined,
    'a NAT that forgets connections',
    'there is none before this machine',
  ),
  ...refusal(roaming !== undefined, 'a second network', 'a live device has one, this machine'),
  ...refusal(
    otherTraffic !== undefined,
    'traffic of other apps',
    'a live radio is fed with the packets of the run alone',
  ),
  ...refusal(
    os?.wakingUrgency !== undefined,
    'waiting of pushes below an urgency',
    'no operating system stands between a live device and its push connection',
  ),
  ...refusal(
    pushService !== undefined && pushService !== null,
    'a push service of its own for a group',
    'one bundled push service serves all',
  ),
  ...refusal(
    createSyncPolicy(syncPolicy).holdMs !== undefined,
    'a long poll',
    'no server holds requests for news',
  ),
];

/** Meetings are carried by the scheduling of the bundled server, which has its own pace. */
function ofInvitations(group: RunSpec['collectionGroups'][number]): Refusal[] {
  const { changes, members, perUser, kind, writer } = group;
  if (changes.kind !== 'scheduling') return [];
  const { deliverMs, replyMs, waveSize, waveMs, mostRefreshed } = changes;
  const isOther =
    waveSize !== refreshing.waveSize ||
    waveMs !== refreshing.waveMs ||
    mostRefreshed !== refreshing.mostRefreshed;
  return [
    ...refusal(
      deliverMs > 0 || replyMs > 0,
      'delivery of invitations or replies after a while',
      'the bundled server delivers at once: set deliver and reply to 0 s',
    ),
    ...refusal(
      isOther,
      'showing answers in other waves than five every five seconds, to at most fifty',
      'that is how the bundled server does it',
    ),
    ...refusal(
      members !== 1 || perUser !== 1 || kind !== 'calendar' || writer !== 'device',
      'scheduling other than by devices, between one calendar of each user',
      'invitations of a user go to one calendar',
    ),
  ];
}
