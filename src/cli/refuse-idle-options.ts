import { DavpulseError } from '../errors/index.ts';
import type { PlannedRun } from '../scenario/index.ts';
import type { TargetOptions } from './target-option.ts';

interface Given extends TargetOptions {
  readonly watch?: number | true;
  readonly keepState?: string;
}

const flags = {
  target: '--target',
  users: '--users',
  targetPid: '--target-pid',
  iOwnThisServer: '--i-own-this-server',
  maxRate: '--max-rate',
  watch: '--watch',
  keepState: '--keep-state',
} as const satisfies Record<keyof Given, string>;

const ofTarget = ['users', 'targetPid', 'iOwnThisServer', 'maxRate'] as const;

/**
 * Refuses options that would change nothing, before somebody takes the figures of a simulation for those of a server.
 * @throws DavpulseError DAVPULSE_OPTION_INVALID
 */
export function refuseIdleOptions(runs: readonly PlannedRun[], options: Given): void {
  const given = (name: keyof Given): boolean => options[name] !== undefined;
  if (!runs.some(({ backend }) => backend === 'live')) {
    const idle = (['target', 'watch', 'keepState'] as const).find(given);
    if (idle !== undefined) {
      const message = `${flags[idle]} is for live runs, and there are none: add --backend live`;
      throw new DavpulseError('DAVPULSE_OPTION_INVALID', message);
    }
  }
  const lonely = options.target === undefined ? ofTarget.find(given) : undefined;
  if (lonely !== undefined) {
    throw new DavpulseError(
      'DAVPULSE_OPTION_INVALID',
      `${flags[lonely]} says more of a --target, and there is none`,
    );
  }
}
