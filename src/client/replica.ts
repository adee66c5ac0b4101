import type { CollectionKind } from './multiget.ts';
import { Poll } from './poll.ts';

/** What one device holds of one collection. */
export interface Replica {
  readonly path: string;
  readonly kind: CollectionKind;
  /** Empty before the first sync. */
  token: string;
  /** ETag of each object whose body the device has, by path. */
  readonly etags: Map<string, string>;
  /** The interval between two contacts that the server announced for it last, ms; `NaN` for none. */
  paceMs: number;
  readonly tokenPoll: Poll;
  readonly reportPoll: Poll;
}

export const emptyReplica = (path: string, kind: CollectionKind): Replica => ({
  path,
  kind,
  token: '',
  etags: new Map(),
  paceMs: NaN,
  tokenPoll: new Poll(),
  reportPoll: new Poll(),
});
