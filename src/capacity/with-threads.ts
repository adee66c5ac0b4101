import {
  mapRequests,
  meanOf,
  type ColdSpec,
  type Distribution,
  type RunRecord,
  type ServerSpec,
} from '../../sim/index.ts';
import { round, withMean } from './with-cold.ts';

/** Processor time of a server, and what of it its main thread took. */
export interface ThreadTime {
  readonly busyMs: number;
  readonly loopMs: number;
}

export const threadTimeOf = ({ server: { busyMs, loopMs = busyMs } }: RunRecord): ThreadTime => ({
  busyMs,
  loopMs,
});

/** The share of the main thread in all of it; 1 where nothing is known. */
export function loopShareOf(times: readonly ThreadTime[]): number {
  const busyMs = times.reduce((sum, time) => sum + time.busyMs, 0);
  const loopMs = times.reduce((sum, time) => sum + time.loopMs, 0);
  return busyMs > 0 && loopMs > 0 ? Math.min(1, loopMs / busyMs) : 1;
}

/**
 * A profile whose times are all processor time, with that of other threads beside them: only the main thread, which is
 * the worker, keeps requests waiting.
 */
export function withThreads(server: ServerSpec, loopShare: number): ServerSpec {
  if (loopShare === 1) return server;
  const { serviceMs, pushMs, pushCold, newsCold, connectMs, cold } = server;
  const inLoop = (ms: number): number => round(ms * loopShare);
  const coldInLoop = (points: readonly ColdSpec[]): ColdSpec[] =>
    points.map(({ idleMs, costMs }) => ({ idleMs, costMs: inLoop(costMs) }));
  const timeInLoop = (time: Distribution): Distribution => withMean(time, meanOf(time) * loopShare);
  return {
    ...server,
    serviceMs: mapRequests(serviceMs, timeInLoop),
    pushMs: timeInLoop(pushMs),
    ...(connectMs !== undefined && { connectMs: inLoop(connectMs) }),
    ...(cold && { cold: coldInLoop(cold) }),
    ...(newsCold && { newsCold: coldInLoop(newsCold) }),
    ...(pushCold && { pushCold: coldInLoop(pushCold) }),
    besides: round(1 / loopShare - 1),
  };
}
