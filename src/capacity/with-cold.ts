import { mapRequests, meanOf, type Distribution, type ServerSpec } from '../../sim/index.ts';
import { coldPoints, type ColdFit } from './fit-cold.ts';
import type { PushFit } from './fit-push.ts';

/** A profile with what push messages cost at the pace of a fleet. */
export const withPush = (server: ServerSpec, { eachMs, firstMs }: PushFit): ServerSpec => ({
  ...server,
  pushMs: { kind: 'constant', value: round(eachMs) },
  ...(round(firstMs) > 0 && { pushFirstMs: round(firstMs) }),
});

/**
 * A profile with what a crowd costs: beginning again after idle time, and for each request what it takes more than a
 * lone client's that is asked again and again, as everybody's state cannot be in the caches at once.
 */
export function withCold(server: ServerSpec, fit: ColdFit): ServerSpec {
  const { serviceMs } = server;
  const moreMs = Math.max(0, fit.baseMs - meanOf(serviceMs['sync-collection']));
  return {
    ...server,
    serviceMs: mapRequests(serviceMs, (time) => later(time, moreMs)),
    cold: coldPoints(fit),
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** Measured times are constant or log-normal. */
function later(time: Distribution, moreMs: number): Distribution {
  if (time.kind === 'constant') return { ...time, value: round(time.value + moreMs) };
  if (time.kind !== 'lognormal') return time;
  const factor = 1 + moreMs / meanOf(time);
  return { ...time, median: round(time.median * factor), p95: round(time.p95 * factor) };
}
