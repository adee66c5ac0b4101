import { totalmem } from 'node:os';
import type { RunSpec } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';
import type { PlannedRun } from '../scenario/index.ts';
import { estimateChanges } from './estimate-cost.ts';

/** Less than any mode takes, so that what is refused could not have run: `bench:model` shows 26 B for a device. */
const leastPerDevice = 24;
/** When and where a change happens. */
const leastPerChange = 12;

const count = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const gib = (bytes: number): string => `${count.format(bytes / 2 ** 30)} GiB`;

const devicesOf = ({ deviceGroups, users }: RunSpec): number =>
  deviceGroups.reduce((sum, { perUser }) => sum + Math.floor(users * perUser), 0);

/**
 * Refuses simulated runs that the memory of this machine cannot hold, before it is filled.
 * @throws DavpulseError DAVPULSE_SCENARIO_INVALID
 */
export function refuseTooLarge(runs: readonly PlannedRun[], memoryBytes = totalmem()): void {
  for (const { backend, spec } of runs) {
    if (backend !== 'sim') continue;
    const devices = devicesOf(spec);
    const changes = estimateChanges(spec);
    const least = devices * leastPerDevice + changes * leastPerChange;
    if (least <= memoryBytes) continue;
    const what = `${count.format(devices)} devices and ${count.format(changes)} changes`;
    throw new DavpulseError(
      'DAVPULSE_SCENARIO_INVALID',
      `${spec.scenario}, ${spec.label}: ${what} take more than ${gib(least)}, and this machine has ${gib(memoryBytes)}; expected fewer users, or fewer changes a day`,
    );
  }
}
