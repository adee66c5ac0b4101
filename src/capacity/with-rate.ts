import type { RunSpec } from '../../sim/index.ts';

/** The same collections, those with a rate of changes at `rate` times theirs. */
export const withRate = (spec: RunSpec, rate: number): RunSpec => ({
  ...spec,
  collectionGroups: spec.collectionGroups.map((group) =>
    'perDay' in group.changes
      ? { ...group, changes: { ...group.changes, perDay: group.changes.perDay * rate } }
      : group,
  ),
});
