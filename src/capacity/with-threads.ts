import { mapRequests, meanOf, type ColdSpec, type Distribution, type ServerSpec } from '../../sim/index.ts';
import { round, withMean } from './with-cold.ts';

/** A message that the main thread had less to do with would be no message. */
const leastShare = 0.1;

/** Processor time of a server, and what of it its main thread took. */
export interface ThreadTime {
  readonly busyMs: number;
  readonly loopMs: number;
}

/** The share of the main thread in all of it; 1 where nothing is known. */
export function loopShareOf(times: readonly ThreadTime[]): number {
  const busyMs = times.reduce((sum, time) => sum + time.busyMs, 0);
  const loopMs = times.reduce((sum, time) => sum + time.loopMs, 0);
  return busyMs > 0 && loopMs > 0 ? Math.min(1, loopMs / busyMs) : 1;
}

/**
 * The same share for push messages alone: fleets that are pushed to took so long, `messagesMs` of it for messages, and what
 * is not is divided between the threads as `loopShare` says.
 */
export function messageShareOf(times: readonly ThreadTime[], messagesMs: number, loopShare: number): number {
  const busyMs = times.reduce((sum, time) => sum + time.busyMs, 0);
  const othersMs = times.reduce((sum, time) => sum + time.busyMs - time.loopMs, 0);
  if (!(messagesMs > 0)) return loopShare;
  const ofMessagesMs = othersMs - (1 - loopShare) * Math.max(0, busyMs - messagesMs);
  return Math.min(1, Math.max(leastShare, 1 - ofMessagesMs / messagesMs));
}

/** Shares of the main thread: in what it does for requests, for messages of small bursts, and for those of bursts of `from` or more. */
export interface LoopShares {
  readonly requests: number;
  readonly messages?: number | undefined;
  readonly bursts?: { readonly from: number; readonly share: number } | undefined;
}

/**
 * A profile whose times are all processor time, with that of other threads beside them: only the main thread, which is
 * the worker, keeps requests waiting.
 */
export function withThreads(server: ServerSpec, shares: LoopShares): ServerSpec {
  const { requests: loopShare, messages: messageShare = loopShare, bursts } = shares;
  if (loopShare === 1 && messageShare === 1 && bursts === undefined) return server;
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
  };
}
