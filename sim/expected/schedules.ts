import { meanOf } from '../kernel/index.ts';
import { createPushPolicy, createSyncPolicy } from '../policy/index.ts';
import type { DeviceGroup, RunSpec } from '../spec.ts';
import { devicesPerUser } from './collections-seen.ts';
import type { Intervals } from './silence.ts';

/** What the polls and pushes of a device group come from, as far as there are closed forms. */
export interface Schedule {
  /** Between two polls; none for devices that ask only when pushed. */
  readonly polls: Intervals;
  readonly pushed?: {
    /** Messages merge what comes within so long of a first change. */
    readonly windowMs: number;
    /** A push leads to a sync of all collections. */
    readonly wholeAccount: boolean;
    readonly keepAliveMs: number;
  };
}

const steps = 64;

/** The schedule of a group; a word on what stands in the way where there is no closed form. */
export function scheduleOf(spec: RunSpec, group: DeviceGroup): Schedule | string {
  const { syncPolicy } = group;
  switch (syncPolicy.kind) {
    case 'fixed':
      return { polls: [{ ms: syncPolicy.intervalMs, share: 1 }] };
    case 'jittered':
      return { polls: jittered(syncPolicy.intervalMs, syncPolicy.jitter) };
    case 'hybrid':
    case 'on-push': {
      const polls = syncPolicy.kind === 'hybrid' ? [{ ms: syncPolicy.safetyIntervalMs, share: 1 }] : [];
      if (spec.pushPolicy.kind === 'off' || group.pushService === null) return { polls };
      const reason = whyNoPush(spec, group);
      if (reason !== undefined) return reason;
      if (syncPolicy.spreadMs > 0) return 'there is no closed form for answers to pushes that are spread';
      return {
        polls,
        pushed: {
          windowMs: spec.pushPolicy.kind === 'window' ? spec.pushPolicy.windowMs : 0,
          wholeAccount: createSyncPolicy(syncPolicy).pushedOnly !== true,
          keepAliveMs: group.keepAliveMs ?? (group.pushService ?? spec.pushService).keepAliveMs,
        },
      };
    }
    default:
      return `there is no closed form for the sync policy ${syncPolicy.kind}`;
  }
}

/** Two places of a schedule, each shifted evenly by up to `jitter` of the interval, are a triangular time apart. */
function jittered(intervalMs: number, jitter: number): Intervals {
  if (jitter === 0) return [{ ms: intervalMs, share: 1 }];
  const shares = Array.from({ length: steps }, (_, step) => {
    const place = (2 * (step + 0.5)) / steps - 1;
    return { place, weight: 1 - Math.abs(place) };
  });
  const total = shares.reduce((sum, { weight }) => sum + weight, 0);
  return shares.map(({ place, weight }) => ({
    ms: intervalMs * (1 + 2 * jitter * place),
    share: weight / total,
  }));
}

function whyNoPush({ pushPolicy, pushService, ...spec }: RunSpec, group: DeviceGroup): string | undefined {
  const service = group.pushService ?? pushService;
  const keepAliveMs = group.keepAliveMs ?? service.keepAliveMs;
  if (pushPolicy.kind !== 'immediate' && pushPolicy.kind !== 'window')
    return `there is no closed form for the push policy ${pushPolicy.kind}`;
  if (createPushPolicy(pushPolicy).selfEcho === true) return 'writers are told of their own changes';
  if (service.loss > 0 || service.outages !== undefined) return 'push messages may be lost';
  if (service.throttle !== undefined || service.deviceLimit !== undefined)
    return 'the push service lets through only so many messages';
  if ((group.link.natTimeoutMs ?? Infinity) < keepAliveMs)
    return 'the network forgets push connections between two keep-alives';
  if (group.radio.tail.some(({ carries }) => carries !== undefined))
    return 'there is no closed form for a radio that carries small messages in its tail';
  if (spec.server.pushConnections) return 'push connections end at the server';
  return burstMs({ ...spec, pushPolicy, pushService }) > Math.max(20, 0.3 * meanOf(service.delayMs))
    ? 'a change sends so many devices to the server at once that they wait for each other'
    : undefined;
}

/** How long the server works on what one change of the most widely shared collection leads to. */
function burstMs(spec: RunSpec): number {
  const { serviceMs, pushMs, workers } = spec.server;
  const members = Math.max(...spec.collectionGroups.map((group) => Math.min(group.members, spec.users)));
  const each = [serviceMs['sync-token'], serviceMs['sync-collection'], serviceMs.multiget, pushMs];
  const contactMs = each.reduce((sum, distribution) => sum + meanOf(distribution), 0);
  return (members * devicesPerUser(spec) * contactMs) / workers;
}
