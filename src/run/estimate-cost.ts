import { meanChangesPerDay, type DeviceGroup, type RunSpec } from '../../sim/index.ts';

const msPerDay = 86_400_000;

/** Contacts that a run will have, roughly: what a simulated run's time grows with. */
export function estimateContacts(spec: RunSpec): number {
  const changes = spec.collectionGroups.reduce((sum, { perUser, members, changes }) => {
    const collections = (spec.users * perUser) / members;
    return sum + (collections * meanChangesPerDay(changes) * members * spec.durationMs) / msPerDay;
  }, 0);
  const scheduled = spec.deviceGroups.reduce(
    (sum, group) => sum + (spec.users * group.perUser * spec.durationMs) / intervalMs(group),
    0,
  );
  const devicesPerUser = spec.deviceGroups.reduce((sum, group) => sum + group.perUser, 0);
  return scheduled + changes * devicesPerUser;
}

/** The time between scheduled contacts of a policy; policies without one only follow pushes. */
function intervalMs({ syncPolicy }: DeviceGroup): number {
  const intervals = Object.entries(syncPolicy).flatMap(([name, value]) =>
    /interval/i.test(name) && typeof value === 'number' ? [value] : [],
  );
  return Math.min(...intervals, Infinity);
}
