import type { LiveTarget } from '../run/index.ts';
import type { PlannedRun } from '../scenario/index.ts';

/**
 * Refuses what the live runs of a study cannot do before the first of its runs, not after hours of simulated ones.
 * @throws DavpulseError DAVPULSE_OPTION_INVALID
 */
export async function refuseLive(runs: readonly PlannedRun[], target: LiveTarget | undefined): Promise<void> {
  const live = runs.filter(({ backend }) => backend === 'live');
  if (live.length === 0) return;
  const { guardTarget, refuseModelled, requireUsers } = await import('../live/index.ts');
  for (const { spec } of live) {
    refuseModelled(spec);
    if (target === undefined) continue;
    requireUsers(target.users, spec);
    guardTarget(target, spec);
  }
}
