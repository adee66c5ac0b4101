import type { RunSpec, SyncPolicySpec } from '../../sim/index.ts';
import { plainDevice } from './plain-device.ts';

/** Who writes to whom, and how often. */
export interface Writing {
  readonly users: number;
  /** How many share a calendar. */
  readonly members: number;
  readonly writesPerSecond: number;
}

/** As accounts have. */
const calendars = 2;
const objects = 5;
/** For contacts and messages to be on their way. */
const warmUpMs = 500;

/** Each user has a device and shares two calendars with others, where and what those of `like` are. */
export function writingFleet(
  like: RunSpec,
  { users, members, writesPerSecond }: Writing,
  syncPolicy: SyncPolicySpec,
  durationMs: number,
): RunSpec {
  const [device] = like.deviceGroups;
  const [shared] = like.collectionGroups;
  if (device === undefined || shared === undefined) throw new RangeError('a fleet has devices and calendars');
  const { writes: _, ...calendar } = shared;
  return {
    ...like,
    users,
    durationMs,
    warmUpMs,
    deviceGroups: [plainDevice(device, syncPolicy)],
    collectionGroups: [
      {
        ...calendar,
        members,
        perUser: calendars,
        objects,
        writer: 'device',
        changes: {
          kind: 'poisson',
          perDay: (writesPerSecond * 86_400 * members) / (calendars * users),
        },
      },
    ],
  };
}
