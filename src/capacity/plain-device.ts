import type { RunSpec, SyncPolicySpec } from '../../sim/index.ts';
import { plainHabits } from './plain-habits.ts';

type DeviceGroup = RunSpec['deviceGroups'][number];

/** One device for each user, where and what that of a fleet is, which does no more than its policy says. */
export const plainDevice = (
  { name, class: kind, radio, link }: DeviceGroup,
  syncPolicy: SyncPolicySpec,
): DeviceGroup => ({
  name,
  class: kind,
  radio,
  link,
  perUser: 1,
  client: { name: 'plain', check: 'none', multigetBatch: plainHabits.multigetBatch },
  syncPolicy,
});
