import { whyNot, type SimulationMode } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';
import type { PlannedRun } from '../scenario/index.ts';

/** Refuses a mode that one of the simulated runs does not allow. @throws DavpulseError DAVPULSE_OPTION_INVALID */
export function refuseMode(runs: readonly PlannedRun[], mode: SimulationMode | 'auto'): void {
  if (mode === 'auto') return;
  for (const { backend, spec } of runs) {
    const reason = backend === 'sim' ? whyNot(spec, mode) : undefined;
    if (reason === undefined) continue;
    const message = `--mode ${mode} is impossible for ${spec.scenario} · ${spec.label}: ${reason}`;
    throw new DavpulseError('DAVPULSE_OPTION_INVALID', message);
  }
}
