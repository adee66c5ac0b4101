import { mapRequests, meanOf, requestKinds, type Distribution, type ServerSpec } from '../../sim/index.ts';
import { coldPoints, type ColdFit } from './fit-cold.ts';
import type { PushFit } from './fit-push.ts';
import type { BeyondReport } from './measure-kinds.ts';

/** A profile with what push messages cost at the pace of a fleet. */
export const withPush = (server: ServerSpec, { eachMs, firstMs }: PushFit): ServerSpec => ({
  ...server,
  pushMs: { kind: 'constant', value: round(eachMs) },
  ...(round(firstMs) > 0 && { pushFirstMs: round(firstMs) }),
});

/**
 * A profile with what requests cost at the pace of a crowd: beginning again after idle time, and for each kind the time
 * that was measured so (`beyond` an empty report). What was not measured takes as much more than a lone client's as a
 * report does, as everybody's state cannot be in the caches at once.
 */
export function withCold(server: ServerSpec, fit: ColdFit, beyond: BeyondReport = {}): ServerSpec {
  const { serviceMs } = server;
  const moreMs = Math.max(0, fit.baseMs - meanOf(serviceMs['sync-collection']));
  const paced = requestKinds.flatMap((kind) => {
    const time = serviceMs[kind];
    const more = kind === 'sync-collection' ? 0 : beyond[kind];
    if (time === undefined || more === undefined) return [];
    // Differences of noisy times; nothing is cheaper than for a lone client that asks again and again.
    return [[kind, withMean(time, Math.max(meanOf(time), fit.baseMs + more))] as const];
  });
  return {
    ...server,
    serviceMs: {
      ...mapRequests(serviceMs, (time) => withMean(time, meanOf(time) + moreMs)),
      ...Object.fromEntries(paced),
    },
    cold: coldPoints(fit),
    ...(fit.kept > 0 && { coldKept: round(fit.kept) }),
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** Measured times are constant or log-normal; the spread stays. */
function withMean(time: Distribution, meanMs: number): Distribution {
  if (time.kind === 'constant') return { ...time, value: round(meanMs) };
  if (time.kind !== 'lognormal') return time;
  const factor = meanMs / meanOf(time);
  return { ...time, median: round(time.median * factor), p95: round(time.p95 * factor) };
}
