import { mapRequests, meanOf, type Distribution, type ServerSpec } from '../../sim/index.ts';
import type { CheckFit } from './fit-check.ts';
import { coldPoints, type ColdFit } from './fit-cold.ts';
import type { CostFit } from './fit-costs.ts';

/** The messages of a burst follow each other sooner than this, and bursts do not. */
const burstMsApart = 0.2;

/** A profile with what push messages cost at the pace of a fleet. */
export function withPush(server: ServerSpec, { eachMs, burstMs, mostMs, timeMs }: CostFit): ServerSpec {
  const { pushCold: _, ...others } = server;
  const terms = [
    { mostMs: burstMs, timeMs: burstMsApart },
    { mostMs, timeMs },
  ].filter((term) => round(term.mostMs) > 0);
  return {
    ...others,
    pushMs: { kind: 'constant', value: round(eachMs) },
    ...(terms.length > 0 && { pushCold: coldPoints(terms) }),
  };
}

/** A profile with what the server takes each second when there is nothing to do. */
export const withUpkeep = (server: ServerSpec, upkeepMs: number): ServerSpec =>
  round(upkeepMs) > 0 ? { ...server, upkeepMs: round(upkeepMs) } : server;

/**
 * A profile with what news cost more at the pace of a fleet: each fetch in any case, with the report that told of what it
 * fetches, as a lone client's reports are empty; and writes and fetches by how long there were none.
 */
export function withNews(server: ServerSpec, { eachMs, mostMs, timeMs }: CostFit): ServerSpec {
  const { newsCold: _, ...others } = server;
  const { serviceMs } = server;
  return {
    ...others,
    serviceMs: {
      ...serviceMs,
      multiget: withMean(serviceMs.multiget, meanOf(serviceMs.multiget) + eachMs),
    },
    ...(round(mostMs) > 0 && { newsCold: coldPoints([{ mostMs, timeMs }]) }),
  };
}

/**
 * The share of a lone client's prices that fleets pay when they are cheaper: it was measured once, and what a machine is to
 * its server changes by half within the hour. Its requests follow each other as those of a contact do.
 */
export const levelOf = ({ serviceMs }: ServerSpec, { baseMs, followingMs }: ColdFit): number =>
  Math.min(1, (baseMs + followingMs) / meanOf(serviceMs['sync-collection']));

/**
 * A profile with what requests cost at the pace of a crowd: beginning again after idle time, and as much more for each
 * kind than a lone client's takes as a report does, as everybody's state cannot be in the caches at once, or the same share
 * of it. What a look at a token, with which many clients begin, takes beyond a report is `check`, where that was measured.
 * What other kinds cost beyond a report is not: it came out two to four times as dear as it is for a busy server, where the
 * code of each kind is at hand.
 */
export function withCold(server: ServerSpec, fit: ColdFit, check?: CheckFit): ServerSpec {
  const { serviceMs } = server;
  const aloneMs = meanOf(serviceMs['sync-collection']);
  const level = levelOf(server, fit);
  const moreMs = Math.max(0, fit.baseMs + fit.followingMs - aloneMs);
  // Of what a lone client pays a part is for the short pauses between its requests, but of what costs less than a report.
  const pacedMs = (meanMs: number): number =>
    Math.max(
      meanMs * level + moreMs - fit.followingMs,
      (meanMs * fit.baseMs) / Math.max(aloneMs, fit.baseMs),
    );
  const paced = mapRequests(serviceMs, (time) => withMean(time, pacedMs(meanOf(time))));
  const checkMs = check === undefined ? 0 : fit.baseMs + check.moreMs;
  return {
    ...server,
    serviceMs: checkMs > 0 ? { ...paced, 'sync-token': withMean(serviceMs['sync-token'], checkMs) } : paced,
    cold: coldPoints(fit.terms),
    ...(fit.kept > 0 && { coldKept: round(fit.kept) }),
    ...(check && check.coldShare !== 1 && { coldOfCheck: round(check.coldShare) }),
  };
}

/** To tenths of a microsecond. */
export const round = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Measured times are constant or log-normal; the spread stays, but of times that are next to nothing. */
export function withMean(time: Distribution, meanMs: number): Distribution {
  if (time.kind === 'constant') return { ...time, value: round(meanMs) };
  if (time.kind !== 'lognormal') return time;
  const factor = meanMs / meanOf(time);
  const median = round(time.median * factor);
  if (median === 0) return { kind: 'constant', value: round(meanMs) };
  return { ...time, median, p95: round(time.p95 * factor) };
}
