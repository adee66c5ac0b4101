import type { SyncHabits } from '../client/index.ts';

/** A client that goes straight to the report of a collection, and fetches what that shows. */
export const plainHabits: SyncHabits = {
  check: 'none',
  report: 'sync-collection',
  inline: false,
  multigetBatch: 50,
  concurrency: 1,
};
