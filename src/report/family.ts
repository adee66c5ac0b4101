import { createSyncPolicy } from '../../sim/index.ts';
import type { PointSummary } from '../results/index.ts';

/** The two families of policies that every chart tells apart. */
export type Family = 'polling' | 'push';

/** `push` when the server sends messages and at least one group of devices acts on them. */
export function familyOf({ runs }: Pick<PointSummary, 'runs'>): Family {
  const spec = runs[0]?.spec;
  if (spec === undefined || spec.pushPolicy.kind === 'off') return 'polling';
  return spec.deviceGroups.some((group) => createSyncPolicy(group.syncPolicy).usesPush) ? 'push' : 'polling';
}
