import { expect, it } from 'vitest';
import { mapRequests, meanOf, simulate, type RunSpec, type ServerSpec } from '../../sim/index.ts';
import { asMeasured, type Alone, type Measured } from '../../src/capacity/as-measured.ts';
import { costFleets } from '../../src/capacity/at-pace-of-fleets.ts';
import { together, type CostFleet, type LivedFleet } from '../../src/capacity/cost-fleet.ts';
import { fitAtPace } from '../../src/capacity/fit-at-pace.ts';
import { coldPoints } from '../../src/capacity/fit-cold.ts';
import { withMean } from '../../src/capacity/with-cold.ts';
import { withThreads } from '../../src/capacity/with-threads.ts';
import { makeUsers } from '../../src/live/index.ts';
import { loadStudy, shipped } from '../../src/scenario/index.ts';

const points = loadStudy(shipped('agreement.yaml')).runs.map(({ spec }) => spec);
const pointWith = (label: string): RunSpec => {
  const found = points.find((spec) => spec.label.startsWith(label));
  if (found === undefined) throw new RangeError(`the scenario that ships has ${label}`);
  return found;
};

const [polling, told] = [pointWith('poll'), pointWith('push')];
/** Bursts of one message. */
const ofTwo: RunSpec = {
  ...told,
  label: 'push to one',
  collectionGroups: told.collectionGroups.map((group) => ({ ...group, members: 1 })),
};
const users = makeUsers(200);
const server = { url: 'http://localhost', users };
const on = { polled: { server, like: polling }, pushed: { server, like: told } };

/** A lone client was measured in a slow minute, in which all prices were higher. */
const slowly = 1.4;
const cpuMs = slowly * meanOf(polling.server.serviceMs['sync-collection']);
const alone: Alone = {
  wire: polling.wire,
  server: {
    ...polling.server,
    serviceMs: mapRequests(polling.server.serviceMs, (time) => withMean(time, slowly * meanOf(time))),
  },
  pushDelay: { medianMs: 0, p95Ms: 0 },
  roundTripMs: 0.3,
  times: {
    'sync-collection': { requests: 1, cpuMs, everyMs: 0.5, medianMs: 0.4, p95Ms: 1, quartileRatio: 1 },
  },
};

/** A server that is never quite idle and begins again slowly, less so for looks, for which news and messages are dear, and whose other threads do much of large bursts. */
const { cold: _, newsCold: __, pushCold: ___, ...plain } = polling.server;
const dear: ServerSpec = withThreads(
  {
    ...plain,
    upkeepMs: 1,
    pushMs: { kind: 'constant', value: 0.2 },
    cold: coldPoints([{ mostMs: 0.2, timeMs: 10 }]),
    coldOfCheck: 0.6,
    newsCold: coldPoints([{ mostMs: 0.3, timeMs: 80 }]),
    pushCold: coldPoints([{ mostMs: 0.4, timeMs: 40 }]),
  },
  { requests: 0.95, messages: 0.95, bursts: { from: 6, share: 0.3 }, waits: 0.7 },
);
const truth: Measured = { ...alone, server: dear };

function lived(fleet: CostFleet): LivedFleet {
  const { server: made, countedMs } = simulate(asMeasured(fleet.spec, truth));
  const { requests, busyMs, loopMs = busyMs, waitedMs = 0, majorGcs = 0 } = made;
  const { spec } = fleet;
  return together(fleet, [{ spec, requests, countedMs, busyMs, loopMs, waitedMs, majorGcs }]);
}

it('finds prices at which fleets that it did not see come to what a known server took', () => {
  const fleets = costFleets(on, alone, { isBundled: true, budgetMs: 250 });
  const fitted = { ...alone, ...fitAtPace(alone, [...fleets.polled, ...fleets.pushed].map(lived)) };
  for (const point of [...points.filter((spec) => spec.users <= 200), ofTwo]) {
    const took = simulate(asMeasured(point, truth)).server;
    const found = simulate(asMeasured(point, fitted)).server;
    expect(Math.abs(found.busyMs / took.busyMs - 1), point.label).toBeLessThan(0.03);
    expect(Math.abs((found.loopMs ?? 0) / (took.loopMs ?? 0) - 1), point.label).toBeLessThan(0.03);
    const { waitedMs = 0, busyMs } = took;
    expect(Math.abs((found.waitedMs ?? 0) - waitedMs) / busyMs, point.label).toBeLessThan(0.03);
  }
}, 120_000);

it('leaves out looks where no reports went as fast', () => {
  const { polled, pushed } = costFleets(on, alone, { isBundled: true, budgetMs: 100 });
  const policyOf = ({ spec }: CostFleet) => JSON.stringify(spec.deviceGroups[0]?.syncPolicy);
  const look = polled.findLast(({ tells }) => tells === 'looks');
  const others = polled.filter(
    (fleet) => look !== undefined && (fleet.tells !== 'reports' || policyOf(fleet) !== policyOf(look)),
  );
  expect(others.length).toBeLessThan(polled.length);
  const { server } = fitAtPace(alone, [...others, ...pushed].map(lived));
  expect(server.coldOfCheck).toBeGreaterThan(0);
}, 60_000);
