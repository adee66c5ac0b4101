import { mean } from 'simple-statistics';
import type { RunSpec } from '../../sim/index.ts';
import type { RatePoint } from './fit-cold.ts';
import { patientMs } from './live-costs.ts';
import { plainFleet } from './plain-fleet.ts';
import { runOn, type WarmServer } from './run-warm.ts';
import { threadTimeOf, type ThreadTime } from './with-threads.ts';

/**
 * Requests per ms of the busiest fleet and of the calmest, evenly spaced by their logarithms. The busiest come first: what
 * a server does for the first time is dear for a while, which would seem the price of calm.
 */
const rates = { most: 2, least: 0.01, steps: 4 } as const;
/** A server that is busier than that has no idle time to speak of. */
const mostLoad = 0.25;
/** The calmest fleet of a slow server makes as small a share of its busiest. */
const span = rates.most / rates.least;
/** How often looks and reports are compared, by turns. */
const rounds = 2;
/** As many as tell what one request leaves for the next; not measured at the ends. */
const several = 4;
/**
 * Collections of garbage follow work by some seconds and belong to its cost; one takes as long as a hundred requests and
 * comes every seven hundred or so, so that each rate takes a while.
 */
const enoughRequests = 1500;
const timesBudget = { least: 6, most: 30 } as const;
/** A second between two polls of a device, as far as there are accounts. */
const pollMs = 1000;
const fewestUsers = 20;
const mostUsers = 200;

/**
 * What idle time costs a server: fleets like that of the server poll for empty reports at several rates, six to thirty
 * times `budgetMs` each; gives the processor time of a request by rate, of which threads it was, and how much more a look
 * at a token takes than a report, which is another thing than for a lone client. It is fleets that do it because how much
 * of the server's state is still in the caches depends on what else the machine does meanwhile: make the load.
 * `aloneMs` is the time of a request for a lone client without a pause.
 * @throws DavpulseError when the server refuses or fails
 */
export async function measureCold(
  on: WarmServer,
  aloneMs: number,
  { budgetMs, signal }: { readonly budgetMs: number; readonly signal: AbortSignal },
): Promise<{ points: RatePoint[]; times: ThreadTime[]; checkMoreMs: number | undefined }> {
  const points: RatePoint[] = [];
  const times: ThreadTime[] = [];
  const most = Math.min(rates.most, mostLoad / aloneMs);
  const live = async (polling: Omit<Polling, 'budgetMs'>): Promise<RatePoint | undefined> => {
    const spec = pollingFleet(on.like, on.server.users.length, { ...polling, budgetMs });
    const record = await runOn(on, spec, { signal, maxLagMs: patientMs });
    const { requests, busyMs } = record.server;
    times.push(threadTimeOf(record));
    if (requests === 0 || busyMs === 0) return undefined;
    return { perMs: requests / record.countedMs, costMs: busyMs / requests, inContact: polling.inContact };
  };
  const checksMore: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const check = await live({ perMs: most, inContact: 1, check: 'sync-token' });
    const report = await live({ perMs: most, inContact: 1, check: 'none' });
    if (report !== undefined) points.push(report);
    if (check && report) checksMore.push(check.costMs - report.costMs);
  }
  for (let step = 1; step <= rates.steps; step += 1) {
    const perMs = most * span ** (-step / rates.steps);
    for (const inContact of step === rates.steps ? [1] : [1, several]) {
      const point = await live({ perMs, inContact, check: 'none' });
      if (point !== undefined) points.push(point);
    }
  }
  return { points, times, checkMoreMs: checksMore.length > 0 ? mean(checksMore) : undefined };
}

interface Polling {
  /** Requests of all devices together. */
  readonly perMs: number;
  readonly inContact: number;
  /** What a device asks for first. */
  readonly check: 'none' | 'sync-token';
  readonly budgetMs: number;
}

/** Each user has a device and so many calendars, in which nothing changes. */
function pollingFleet(
  like: RunSpec,
  accounts: number,
  { perMs, inContact, check, budgetMs }: Polling,
): RunSpec {
  const users = Math.min(mostUsers, accounts, Math.max(fewestUsers, Math.round(perMs * pollMs)));
  const { least, most } = timesBudget;
  const durationMs = Math.max(least * budgetMs, Math.min(most * budgetMs, enoughRequests / perMs));
  const size = { users, calendars: inContact, members: 1, writesPerSecond: 0 };
  const fleet = plainFleet(like, size, { kind: 'fixed', intervalMs: (inContact * users) / perMs });
  return {
    ...fleet,
    deviceGroups: fleet.deviceGroups.map((group) => ({ ...group, client: { ...group.client, check } })),
    label: 'polls of what does not change',
    warmUpMs: 0,
    durationMs,
    pushPolicy: { kind: 'off' },
  };
}
