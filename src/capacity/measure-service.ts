import { mean, quantileSorted } from 'simple-statistics';
import type { Distribution, RequestKind, ServerSpec, TransportSpec } from '../../sim/index.ts';
import {
  deleteObject,
  emptyReplica,
  listMembers,
  multiget,
  readHomeTokens,
  readSyncToken,
  syncReplica,
  type Exchange,
} from '../client/index.ts';
import { connectTo, processorMs } from '../live/index.ts';
import type { BenchBed } from './bench-bed.ts';
import { orAborted } from './or-aborted.ts';
import { plainHabits } from './plain-habits.ts';

/** What one kind of request costs the server. */
export interface ServiceTime {
  readonly requests: number;
  /** Processor time of the server for one, ms; of a server whose process is not known, the mean time of an answer. */
  readonly cpuMs: number;
  /** From one to the next where a lone client goes on at once, ms. */
  readonly everyMs: number;
  /** Of answers to a lone client, ms. */
  readonly medianMs: number;
  readonly p95Ms: number;
  /** p75 over p25 of the same: a spread that pauses of the machine do not reach. */
  readonly quartileRatio: number;
}

/** The way there and back, and what a client does before it asks again, ms: what the worker, which had that share of the processor time, did not take. */
export const roundTripOf = ({ everyMs, cpuMs }: ServiceTime, loopShare = 1): number =>
  Math.max(0, everyMs - cpuMs * loopShare);

const subscribers = 10;

/**
 * Measures the server's processor time by kind of request, one request after the other for `budgetMs` each: at
 * saturation a server shares work between requests, so its cost for one would come out too low for calm hours.
 */
export async function measureService(
  bed: BenchBed,
  name: string,
  budgetMs: number,
  transport: TransportSpec,
): Promise<{
  spec: ServerSpec;
  times: Readonly<Record<RequestKind, ServiceTime>> & { readonly push?: ServiceTime };
}> {
  const replica = emptyReplica(bed.collection, 'calendar');
  await syncReplica(bed.session, replica, plainHabits);
  const time = (kind: Exchange['kind'], act: (round: number) => Promise<unknown>) =>
    timeRequests(bed, kind, budgetMs, act);
  const token = await time('sync-token', () =>
    syncReplica(bed.session, replica, { ...plainHabits, check: 'sync-token' }),
  );
  const report = await time('sync-collection', () => syncReplica(bed.session, replica, plainHabits));
  const put = await time('put', (round) => bed.put(round % 10));
  const fetch = await time('multiget', (round) =>
    multiget(bed.session, 'calendar', bed.collection, [bed.pathOf(round % 10)]),
  );
  const home = await time('home', () => readHomeTokens(bed.session, bed.home));
  const list = await time('list', () => listMembers(bed.session, bed.collection));
  const connectMs = transport.tls ? await timeHandshakes(bed, transport, token.cpuMs, budgetMs) : undefined;
  const removed = await timeDeletes(bed, budgetMs, put.cpuMs);
  const push =
    bed.target.pushServiceUrl === undefined
      ? undefined
      : await timePushes(await bed.beside(), budgetMs, put.cpuMs);
  const times = {
    'sync-token': token,
    'sync-collection': report,
    multiget: fetch,
    put,
    delete: removed,
    register: put,
    home,
    list,
    ...(push && { push }),
  };
  return {
    times,
    spec: {
      name,
      workers: 1,
      serviceMs: {
        'sync-token': distributionOf(token),
        'sync-collection': distributionOf(report),
        multiget: distributionOf(fetch),
        put: distributionOf(put),
        delete: distributionOf(removed),
        register: distributionOf(put),
        home: distributionOf(home),
        list: distributionOf(list),
      },
      pushMs: { kind: 'constant', value: round(push?.cpuMs ?? 0) },
      ...(connectMs !== undefined && { connectMs: round(connectMs) }),
    },
  };
}

async function timeRequests(
  bed: BenchBed,
  kind: Exchange['kind'],
  budgetMs: number,
  act: (round: number) => Promise<unknown>,
): Promise<ServiceTime> {
  const { pid } = bed.target;
  // The first requests of a kind pay for code that is not compiled yet.
  const warmAt = performance.now() + budgetMs;
  for (let round = 0; round < warmUpRounds && performance.now() < warmAt; round += 1) await act(round);
  bed.exchanges.length = 0;
  const before = pid === undefined ? NaN : processorMs(pid);
  const startedAt = performance.now();
  for (let round = 0; performance.now() < startedAt + budgetMs; round += 1) await act(round);
  const elapsedMs = performance.now() - startedAt;
  const cpuMs = pid === undefined ? NaN : processorMs(pid) - before;
  const own = bed.exchanges.filter((exchange) => exchange.kind === kind);
  const latencies = own.map(({ startedAt, endedAt }) => endedAt - startedAt).sort((a, b) => a - b);
  return {
    requests: own.length,
    // Where the processor time of a server is not known, its answers to a lone client tell how long it works.
    cpuMs: Number.isNaN(cpuMs) ? mean(latencies) : cpuMs / own.length,
    everyMs: elapsedMs / own.length,
    medianMs: quantileSorted(latencies, 0.5),
    p95Ms: quantileSorted(latencies, 0.95),
    quartileRatio: quantileSorted(latencies, 0.75) / quantileSorted(latencies, 0.25),
  };
}

/** What a request takes more when it comes on a new connection; 0 where the server's process is not known. */
async function timeHandshakes(
  { target, session, collection }: BenchBed,
  transport: TransportSpec,
  requestMs: number,
  budgetMs: number,
): Promise<number> {
  const { pid } = target;
  if (pid === undefined) return 0;
  const replica = emptyReplica(collection, 'calendar');
  const before = processorMs(pid);
  const endAt = performance.now() + budgetMs;
  let made = 0;
  for (; performance.now() < endAt; made += 1) {
    const connection = connectTo(target, { transport });
    await readSyncToken({ ...session, connection }, replica);
    await connection.close();
  }
  return Math.max(0, (processorMs(pid) - before) / made - requestMs);
}

/** Objects must be there to be removed; what writing them costs is taken off. */
async function timeDeletes(bed: BenchBed, budgetMs: number, putCpuMs: number): Promise<ServiceTime> {
  const both = await timeRequests(bed, 'delete', budgetMs, async () => {
    await bed.put(0);
    await deleteObject(bed.session, bed.pathOf(0));
  });
  await bed.put(0);
  return { ...both, cpuMs: Math.max(both.cpuMs - putCpuMs, 0) };
}

/** What a change costs more when `subscribers` are told of it, by message: outbox, encryption, sending, push service. */
async function timePushes(bed: BenchBed, budgetMs: number, putCpuMs: number): Promise<ServiceTime> {
  const arrivals = { left: 0, all: () => {} };
  for (let subscriber = 0; subscriber < subscribers; subscriber += 1) {
    await bed.subscribe(() => {
      arrivals.left -= 1;
      if (arrivals.left === 0) arrivals.all();
    });
  }
  const writes = await timeRequests(bed, 'put', budgetMs, async (round) => {
    arrivals.left = subscribers;
    const allArrived = new Promise<void>((resolve) => {
      arrivals.all = resolve;
    });
    await bed.put(round % 10);
    await orAborted(allArrived, bed.session.signal);
  });
  return { ...writes, cpuMs: Math.max((writes.cpuMs - putCpuMs) / subscribers, 0) };
}

const warmUpRounds = 100;
/** Quantiles of the standard normal distribution. */
const z75 = 0.6744897501960817;
const z95 = 1.6448536269514722;

/** Log-normal with the processor time as its mean and the spread of the answers to a lone client. */
function distributionOf({ cpuMs, quartileRatio }: ServiceTime): Distribution {
  const sigma = Math.log(quartileRatio) / (2 * z75);
  const median = cpuMs * Math.exp((-sigma * sigma) / 2);
  if (!(sigma > 0.01) || round(median) === 0) return { kind: 'constant', value: round(cpuMs) };
  return { kind: 'lognormal', median: round(median), p95: round(median * Math.exp(z95 * sigma)) };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
