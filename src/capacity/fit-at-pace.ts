import { mean } from 'simple-statistics';
import { worthAThread } from '../push/index.ts';
import { asMeasured, type Alone, type Measured } from './as-measured.ts';
import type { LivedFleet } from './cost-fleet.ts';
import { fitCheck, type CheckFit } from './fit-check.ts';
import { fitCold } from './fit-cold.ts';
import { fitCosts, paidFor, type PaidFleet } from './fit-costs.ts';
import { roundTripOf } from './measure-service.ts';
import { weightOf } from './weight-of.ts';
import { levelOf, withCold, withNews, withPush, withUpkeep } from './with-cold.ts';
import {
  loopShareOf,
  majorGcOf,
  messageShareOf,
  messageWaitsOf,
  withThreads,
  type LoopShares,
} from './with-threads.ts';

/** What the simulator takes for a server, of all that is measured. */
export type Paced = Pick<Measured, 'server' | 'roundTripMs'>;

/**
 * What a server costs at the pace of fleets, from such that have lived on it: what the simulator must take for them to come
 * to the same.
 */
export function fitAtPace(alone: Alone, lived: readonly LivedFleet[]): Paced {
  const upkeepMs = upkeepOf(lived.filter(({ tells, busyMs }) => tells === 'upkeep' && busyMs > 0));
  const telling = lived.filter(({ requests, busyMs }) => requests > 0 && busyMs > 0);
  const {
    looks = [],
    reports = [],
    news = [],
    messages = [],
  } = Object.groupBy(telling, ({ tells }) => tells);
  const asked = { looks: besidesUpkeep(looks, upkeepMs), reports: besidesUpkeep(reports, upkeepMs) };
  // Of servers that are not bundled nobody knows which of their threads answer.
  const polled = [...looks, ...reports, ...news];
  const loop =
    news.length === 0
      ? undefined
      : { requests: loopShareOf(polled), majorGc: majorGcOf(polled.flatMap(({ visits }) => visits)) };
  const roundTripMs =
    loop === undefined ? alone.roundTripMs : roundTripOf(alone.times['sync-collection'], loop.requests);
  const cold = fitCold(asked.reports.map(rateOf), roundTripMs);
  const server = withUpkeep(withCold(alone.server, cold, checkOf(asked, cold.baseMs)), upkeepMs);
  if (loop === undefined) return { roundTripMs, server };
  const paced = withPricedNews({ ...alone, roundTripMs, server }, news);
  const guessMs = (alone.times.push?.cpuMs ?? 0) * levelOf(alone.server, cold);
  return { roundTripMs, server: withPricedMessages(paced, messages, guessMs, loop) };
}

/** Writes and fetches have a price beyond what a lone client's come to in a crowd. */
const withPricedNews = (measured: Measured, fleets: readonly LivedFleet[]): Measured => ({
  ...measured,
  server: withNews(measured.server, fitCosts(asPaid(fleets, measured), withNews, 0)),
});

/**
 * Messages, with what the bundled push service does for them, and whatever else costs more in fleets that are pushed to
 * than in those that poll; `guessMs` each where the fleets do not tell.
 */
function withPricedMessages(
  measured: Measured,
  fleets: readonly LivedFleet[],
  guessMs: number,
  loop: Pick<LoopShares, 'requests' | 'majorGc'>,
): Measured['server'] {
  if (fleets.length === 0) return withThreads(measured.server, loop);
  const fit = fitCosts(asPaid(fleets, measured), withPush, guessMs);
  const toldOf = (some: readonly LivedFleet[]) => ({
    messagesMs: paidFor(asPaid(some, measured), withPush, fit),
    loopShare: loop.requests,
    majorGc: loop.majorGc,
  });
  const { small = [], large = [] } = Object.groupBy(fleets, (fleet) =>
    burstOf(fleet) < worthAThread ? 'small' : 'large',
  );
  const [ofSmall, ofLarge] = [toldOf(small), toldOf(large)];
  return withThreads(withPush(measured.server, fit), {
    ...loop,
    messages: small.length === 0 ? undefined : messageShareOf(small, ofSmall),
    bursts: large.length === 0 ? undefined : { from: worthAThread, share: messageShareOf(large, ofLarge) },
    waits: messageWaitsOf(fleets, {
      ...ofSmall,
      messagesMs: ofSmall.messagesMs + ofLarge.messagesMs,
    }),
  });
}

/** How many messages follow a write: one for each who shares the calendar but the writer. */
const burstOf = ({ spec }: LivedFleet): number =>
  Math.max(0, ...spec.collectionGroups.map(({ members }) => members - 1));

const asPaid = (fleets: readonly LivedFleet[], measured: Measured): PaidFleet[] =>
  fleets.map(({ visits }) => ({
    visits: visits.map(({ spec, requests, busyMs }) => ({
      spec: asMeasured(spec, measured),
      requests,
      busyMs,
    })),
  }));

/** What a server takes each second for fleets that never ask, ms. */
const upkeepOf = (resting: readonly LivedFleet[]): number =>
  resting.length === 0 ? 0 : mean(resting.map(({ busyMs, countedMs }) => (busyMs * 1000) / countedMs));

/** What fleets took beyond that, as far as they did. */
const besidesUpkeep = (fleets: readonly LivedFleet[], upkeepMs: number): LivedFleet[] =>
  fleets
    .map((fleet) => ({ ...fleet, busyMs: fleet.busyMs - (upkeepMs * fleet.countedMs) / 1000 }))
    .filter(({ busyMs }) => busyMs > 0);

const rateOf = ({ requests, countedMs, busyMs, inContact, visits }: LivedFleet) => ({
  perMs: requests / countedMs,
  costMs: busyMs / requests,
  inContact,
  weight: weightOf(visits),
});

type Asked = Readonly<Record<'looks' | 'reports', readonly LivedFleet[]>>;

/** What looks cost beyond reports, of fleets of either that went as fast; `undefined` where there were none. */
function checkOf({ looks, reports }: Asked, baseMs: number): CheckFit | undefined {
  const reportsAt = Map.groupBy(reports, paceOf);
  const compared = looks.flatMap((look) => {
    const like = reportsAt.get(paceOf(look));
    if (like === undefined) return [];
    const reportMs = mean(like.map((report) => rateOf(report).costMs));
    const { costMs: lookMs, weight } = rateOf(look);
    return [{ reportMs, lookMs, weight }];
  });
  return compared.length === 0 ? undefined : fitCheck(compared, baseMs);
}

const paceOf = ({ spec, inContact }: LivedFleet): string =>
  JSON.stringify([inContact, spec.deviceGroups[0]?.syncPolicy]);
