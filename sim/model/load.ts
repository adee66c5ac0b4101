import { meanOf } from '../kernel/index.ts';
import { createSyncPolicy } from '../policy/index.ts';
import type { RunSpec } from '../spec.ts';
import { meanChangesPerDay } from '../workload/index.ts';

const dayMs = 86_400_000;

/** Share of the time that the workers are busy, from means. */
export function meanLoad({ server, ...spec }: RunSpec): number {
  const pollMs = Math.max(
    meanOf(server.serviceMs['sync-token']),
    meanOf(server.serviceMs['sync-collection']),
  );
  const collections = spec.collectionGroups.reduce((sum, { perUser }) => sum + perUser, 0);
  const devicesPerUser = spec.deviceGroups.reduce((sum, { perUser }) => sum + perUser, 0);
  const polling = spec.deviceGroups.reduce((sum, { perUser, syncPolicy }) => {
    const intervalMs = Math.min(dayMs, createSyncPolicy(syncPolicy).shortestMs ?? dayMs);
    return sum + (spec.users * perUser * collections * pollMs) / intervalMs;
  }, 0);
  const perChangeMs =
    pollMs + meanOf(server.serviceMs.multiget) + meanOf(server.serviceMs['sync-collection']);
  const changing = spec.collectionGroups.reduce((sum, { changes, perUser }) => {
    const seen = meanChangesPerDay(changes) * perUser * spec.users * devicesPerUser;
    return sum + (seen * perChangeMs) / dayMs;
  }, 0);
  return (polling + changing) / server.workers;
}
