import { createSyncPolicy, meanChangesPerDay, type DeviceGroup, type RunSpec } from '../../sim/index.ts';

const msPerDay = 86_400_000;

/** Contacts that a run will have, its warm-up included, roughly: what a simulated run's time grows with. */
export function estimateContacts(spec: RunSpec): number {
  const days = (spec.warmUpMs + spec.durationMs) / msPerDay;
  const scheduled = spec.deviceGroups.reduce(
    (sum, group) => sum + spec.users * group.perUser * scheduledPerDay(group),
    0,
  );
  const devicesPerUser = spec.deviceGroups.reduce((sum, group) => sum + group.perUser, 0);
  return days * (scheduled + estimateChangesPerDay(spec) * devicesPerUser);
}

/** Changes that a run will have, its warm-up included. */
export const estimateChanges = (spec: RunSpec): number =>
  ((spec.warmUpMs + spec.durationMs) / msPerDay) *
  spec.collectionGroups.reduce(
    (sum, { perUser, members, changes }) =>
      sum + ((spec.users * perUser) / members) * meanChangesPerDay(changes),
    0,
  );

/** Changes in a day, each counted for every user who shares its collection. */
const estimateChangesPerDay = (spec: RunSpec): number =>
  spec.collectionGroups.reduce(
    (sum, { perUser, changes }) => sum + spec.users * perUser * meanChangesPerDay(changes),
    0,
  );

/** Contacts that a device makes of its own accord; policies without any only follow pushes. */
function scheduledPerDay({ syncPolicy: policy }: DeviceGroup): number {
  switch (policy.kind) {
    case 'on-push':
      return 0;
    case 'manual':
      return policy.refreshesPerDay;
    case 'on-use':
      return policy.usesPerDay;
    case 'os-batched':
      return msPerDay / policy.periodMs;
    case 'long-poll':
      return msPerDay / policy.holdMs;
    case 'server-paced':
      return msPerDay / policy.intervalMs;
    default:
      return msPerDay / (createSyncPolicy(policy).shortestMs ?? Infinity);
  }
}
