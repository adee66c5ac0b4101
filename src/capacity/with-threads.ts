import { median } from 'simple-statistics';
import {
  mapRequests,
  meanOf,
  type ColdSpec,
  type Distribution,
  type MajorGcSpec,
  type ServerSpec,
} from '../../sim/index.ts';
import { sumOf } from './sum-of.ts';
import { round, withMean } from './with-cold.ts';

/** A message that the main thread had less to do with would be no message. */
const leastShare = 0.1;
/** A main thread that waited longer than others worked did so for another reason. */
const mostWaits = 1;

/** Processor time of a server, and what of it its main thread took. */
export interface ThreadTime {
  readonly busyMs: number;
  readonly loopMs: number;
}

/** The share of the main thread in all of it; 1 where nothing is known. */
export function loopShareOf(times: readonly ThreadTime[]): number {
  const busyMs = sumOf(times, (time) => time.busyMs);
  const loopMs = sumOf(times, (time) => time.loopMs);
  return busyMs > 0 && loopMs > 0 ? Math.min(1, loopMs / busyMs) : 1;
}

/** What fleets that are pushed to took, `messagesMs` of it for messages; what is not is divided between the threads as `loopShare` says. */
interface Told {
  readonly messagesMs: number;
  readonly loopShare: number;
}

const besidesOf = (times: readonly ThreadTime[], { messagesMs, loopShare }: Told): number =>
  sumOf(times, ({ busyMs, loopMs }) => busyMs - loopMs) -
  (1 - loopShare) * Math.max(0, sumOf(times, ({ busyMs }) => busyMs) - messagesMs);

/** The same share for push messages alone. */
export function messageShareOf(times: readonly ThreadTime[], told: Told): number {
  if (!(told.messagesMs > 0)) return told.loopShare;
  return Math.min(1, Math.max(leastShare, 1 - besidesOf(times, told) / told.messagesMs));
}

/** And how long its main thread waited for a processor, and how often its heap was collected. */
interface WaitingTime extends ThreadTime {
  readonly waitedMs: number;
  readonly majorGcs: number;
}

/** Fewer collections of the heap tell little of how often it is collected. */
const fewestGcs = 5;

/**
 * The heap is collected each time that the main thread has worked for so long. Nearly all that this waits for a processor it
 * waits then, as the collector has threads of its own, but where neighbours have both: so the median of the runs in which
 * it was collected. `undefined` where it seldom was.
 */
export function majorGcOf(times: readonly WaitingTime[]): MajorGcSpec | undefined {
  const collected = sumOf(times, ({ majorGcs }) => majorGcs);
  if (collected < fewestGcs) return undefined;
  const pausesMs = times.flatMap(({ majorGcs, waitedMs }) => (majorGcs > 0 ? [waitedMs / majorGcs] : []));
  return {
    everyMs: Math.round(sumOf(times, ({ loopMs }) => loopMs) / collected),
    pauseMs: round(median(pausesMs)),
  };
}

/** How long the main thread waited for a processor for each ms that other threads took for messages, beyond what it did for collections; 0 where these took none. */
export function messageWaitsOf(
  times: readonly WaitingTime[],
  told: Told & { readonly majorGc: MajorGcSpec | undefined },
): number {
  const besidesMs = besidesOf(times, told);
  const collectionMs = (told.majorGc?.pauseMs ?? 0) * sumOf(times, ({ majorGcs }) => majorGcs);
  const waitedMs = Math.max(0, sumOf(times, (time) => time.waitedMs) - collectionMs);
  return besidesMs > 0 ? Math.min(mostWaits, waitedMs / besidesMs) : 0;
}

/** Shares of the main thread: in what it does for requests, for messages of small bursts, and for those of bursts of `from` or more. */
export interface LoopShares {
  readonly requests: number;
  readonly messages?: number | undefined;
  readonly bursts?: { readonly from: number; readonly share: number } | undefined;
  /** How long it waits for each ms that others take for messages. */
  readonly waits?: number;
  readonly majorGc?: MajorGcSpec | undefined;
}

/**
 * A profile whose times are all processor time, with that of other threads beside them: only the main thread, which is
 * the worker, keeps requests waiting.
 */
export function withThreads(server: ServerSpec, shares: LoopShares): ServerSpec {
  const { requests: loopShare, messages: messageShare = loopShare, bursts, waits = 0, majorGc } = shares;
  if (loopShare === 1 && messageShare === 1 && bursts === undefined && majorGc === undefined) return server;
  const { serviceMs, pushMs, pushCold, newsCold, connectMs, cold } = server;
  const coldInLoop = (points: readonly ColdSpec[], share = loopShare): ColdSpec[] =>
    points.map(({ idleMs, costMs }) => ({ idleMs, costMs: round(costMs * share) }));
  const timeInLoop = (time: Distribution, share = loopShare): Distribution =>
    withMean(time, meanOf(time) * share);
  return {
    ...server,
    serviceMs: mapRequests(serviceMs, (time) => timeInLoop(time)),
    pushMs: timeInLoop(pushMs, messageShare),
    ...(connectMs !== undefined && { connectMs: round(connectMs * loopShare) }),
    ...(cold && { cold: coldInLoop(cold) }),
    ...(newsCold && { newsCold: coldInLoop(newsCold) }),
    ...(pushCold && { pushCold: coldInLoop(pushCold, messageShare) }),
    besides: round(1 / loopShare - 1),
    ...(messageShare !== loopShare && { pushBesides: round(1 / messageShare - 1) }),
    ...(bursts && { pushThreads: { from: bursts.from, besides: round(1 / bursts.share - 1) } }),
    ...(waits > 0 && { pushWaits: round(waits) }),
    ...(majorGc && { majorGc }),
  };
}
