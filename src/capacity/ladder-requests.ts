import { emptyReplica, syncReplica } from '../client/index.ts';
import type { BenchBed } from './bench-bed.ts';
import type { LadderRequest } from './ladder.ts';

const reads = [
  ['sync-token', 'PROPFIND'],
  ['sync-collection', 'REPORT'],
  ['multiget', 'REPORT'],
] as const;

/** The requests of a mixed day, as the client itself sends them, so that a closed loop can repeat them. */
export async function ladderRequests(bed: BenchBed): Promise<LadderRequest[]> {
  const replica = emptyReplica(bed.collection, 'calendar');
  const habits = {
    check: 'sync-token',
    report: 'sync-collection',
    inline: false,
    multigetBatch: 1,
    concurrency: 1,
  } as const;
  await syncReplica(bed.session, replica, habits);
  bed.exchanges.length = 0;
  await bed.put(0);
  await syncReplica(bed.session, replica, habits);
  // Asked with the token that it answers, the report is the empty one of most polls.
  await syncReplica(bed.session, replica, { ...habits, check: 'none' });
  const last = new Map(bed.exchanges.map(({ kind, request }) => [kind, request]));
  const read = reads.flatMap(([kind, method]) => {
    const request = last.get(kind);
    if (request === undefined) return [];
    const { path, headers, body = '' } = request;
    return [{ kind, method, path, headers: withoutCredentials(headers), body }];
  });
  const put: LadderRequest = {
    kind: 'put',
    method: 'PUT',
    path: bed.pathOf(1),
    headers: { 'content-type': 'text/calendar; charset=utf-8' },
    body: bed.bodyOf(1, 1),
  };
  return [...read, put];
}

const withoutCredentials = ({ authorization: _, ...rest }: Readonly<Record<string, string>>) => rest;
