import type { RunSpec, SyncPolicySpec } from '../../sim/index.ts';
import { plainDevice } from './plain-device.ts';

/** How many there are, and how often who writes to whom. */
export interface FleetSize {
  readonly users: number;
  /** Of each user; one by default. */
  readonly devices?: number;
  /** Of each user; two by default, as accounts have. */
  readonly calendars?: number;
  /** How many share a calendar. */
  readonly members: number;
  readonly writesPerSecond: number;
}

const objects = 5;

/** Each user has devices and calendars, where and what those of `like` are. */
export function plainFleet(
  like: RunSpec,
  { users, devices = 1, calendars = 2, members, writesPerSecond }: FleetSize,
  syncPolicy: SyncPolicySpec,
): RunSpec {
  const [device] = like.deviceGroups;
  const [first] = like.collectionGroups;
  if (device === undefined || first === undefined) throw new RangeError('a fleet has devices and calendars');
  const { writes: _, ...calendar } = first;
  return {
    ...like,
    users,
    deviceGroups: [plainDevice(device, syncPolicy, devices)],
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
