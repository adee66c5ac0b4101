import type { RunSpec, SyncPolicySpec } from '../../sim/index.ts';
import { plainHabits } from './plain-habits.ts';

type DeviceGroup = RunSpec['deviceGroups'][number];

/** `perUser` devices for each user, where and what those of a fleet are, which do no more than their policy says. */
export const plainDevice = (
  { name, class: kind, radio, link }: DeviceGroup,
  syncPolicy: SyncPolicySpec,
  perUser: number,
): DeviceGroup => ({
  name,
  class: kind,
  radio,
  link,
  perUser,
  client: { name: 'plain', check: 'none', multigetBatch: plainHabits.multigetBatch },
  syncPolicy,
});
