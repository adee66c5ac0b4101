import type { ClientProfile } from '../../sim/index.ts';
import type { SyncHabits } from '../client/index.ts';

/** The client's ways as the profile has them; what a profile leaves out is what a plain RFC 6578 client does. */
export function habitsOf(profile: ClientProfile): SyncHabits {
  const { check, report = 'sync-collection', inline = false, multigetBatch, concurrency = 1 } = profile;
  return { check, report, inline, multigetBatch, concurrency };
}
