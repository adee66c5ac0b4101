import type { PushEngine } from '../push/index.ts';
import type { LockTable } from './locks/lock-table.ts';
import type { Fragments } from './methods/fragment-cache.ts';
import type { ListingCache } from './methods/listing-cache.ts';
import type { Pacer } from './observe/pacer.ts';
import type { DataCache } from './objects/data-cache.ts';
import type { DavLimits } from './options.ts';
import type { Refresher } from './scheduling/refresh.ts';
import type { MemberCache } from './tree/member-cache.ts';
import type { Store } from './store/store.ts';

/** What every method handler works with. */
export interface DavContext {
  readonly store: Store;
  readonly limits: DavLimits;
  readonly push: PushEngine | undefined;
  readonly locks: LockTable;
  readonly refresher: Refresher;
  readonly listings: ListingCache;
  readonly fragments: (kind: string) => Fragments;
  readonly data: DataCache;
  readonly members: MemberCache;
  /** undefined when the server announces no interval. */
  readonly pace: Pacer | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
