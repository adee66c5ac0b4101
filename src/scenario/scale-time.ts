import type { ChangeProcess, Distribution, RunSpec, SyncPolicySpec } from '../../sim/index.ts';

/**
 * The same run with sync intervals divided and change rates multiplied by `factor`, so that minutes of real
 * traffic show what hours would. Requests, push delays and merge windows stay as they are.
 */
export function scaleTime(spec: RunSpec, factor: number): RunSpec {
  if (factor === 1) return spec;
  return {
    ...spec,
    deviceGroups: spec.deviceGroups.map((group) => ({
      ...group,
      syncPolicy: scalePolicy(group.syncPolicy, factor),
    })),
    collectionGroups: spec.collectionGroups.map((group) => ({
      ...group,
      changes: scaleChanges(group.changes, factor),
    })),
  };
}

function scaleChanges(changes: ChangeProcess, factor: number): ChangeProcess {
  if (changes.kind === 'renewal') return { ...changes, gapMs: scaleDistribution(changes.gapMs, factor) };
  if (changes.kind === 'trace') {
    return { ...changes, atMs: changes.atMs.map((instants) => instants.map((atMs) => atMs / factor)) };
  }
  return { ...changes, perDay: changes.perDay * factor };
}

function scaleDistribution(distribution: Distribution, factor: number): Distribution {
  const scaled = Object.entries(distribution).map(([key, value]) => [
    key,
    typeof value === 'number' ? value / factor : value,
  ]);
  // Same keys, same kinds of values: still a distribution of the same kind.
  return Object.fromEntries(scaled) as Distribution;
}

function scaleParameter(name: string, value: number, factor: number): number {
  if (name.endsWith('Ms')) return value / factor;
  return name.endsWith('PerDay') ? value * factor : value;
}

function scalePolicy(policy: SyncPolicySpec, factor: number): SyncPolicySpec {
  const scaled = Object.entries(policy).map(([key, value]) => [
    key,
    typeof value === 'number' ? scaleParameter(key, value, factor) : value,
  ]);
  // Same keys, same kinds of values: still the spec of the same policy.
  return Object.fromEntries(scaled) as SyncPolicySpec;
}
