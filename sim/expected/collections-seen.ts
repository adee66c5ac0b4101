import { meanOf } from '../kernel/index.ts';
import type { CollectionGroup, RunSpec } from '../spec.ts';
import { meanChangesPerDay } from '../workload/index.ts';

const dayMs = 86_400_000;

/** The collections of one group as one device sees them. Rates are per ms and collection. */
export interface SeenCollections {
  readonly group: CollectionGroup;
  /** How many of them a device shows. */
  readonly each: number;
  /** Changes of all, those that the device itself makes, and those of everybody else. */
  readonly perMs: number;
  readonly ownPerMs: number;
  readonly othersPerMs: number;
  readonly objectBytes: number;
}

/** Devices that a user has on average. */
export const devicesPerUser = ({ deviceGroups }: Pick<RunSpec, 'deviceGroups'>): number =>
  deviceGroups.reduce((sum, { perUser }) => sum + perUser, 0);

export function collectionsSeen(spec: RunSpec): SeenCollections[] {
  return spec.collectionGroups.map((group) => {
    const perMs = meanChangesPerDay(group.changes) / dayMs;
    const members = Math.min(group.members, spec.users);
    const ownPerMs = group.writer === 'device' ? perMs / (members * devicesPerUser(spec)) : 0;
    return {
      group,
      each: group.perUser,
      perMs,
      ownPerMs,
      othersPerMs: Math.max(0, perMs - ownPerMs),
      objectBytes: meanOf(group.objectBytes),
    };
  });
}

/** Mean number of distinct objects that changes at `perMs` touch in `ms`. */
export function distinctObjects({ group }: SeenCollections, perMs: number, ms: number): number {
  const objects = Math.max(1, group.objects);
  return objects * (1 - Math.exp((-perMs * ms) / objects));
}
