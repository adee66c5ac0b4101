import type { RunSpec } from '../../sim/index.ts';
import { runLive, type LiveServer } from '../live/index.ts';
import type { RatePoint } from './fit-cold.ts';
import { plainDevice } from './plain-device.ts';
import { threadTimeOf, type ThreadTime } from './with-threads.ts';

/** Shares of what the server could do, and the most requests per ms that are asked for. */
const loads = [0.003, 0.01, 0.03, 0.1, 0.25] as const;
/** At which devices with several calendars are measured too. */
const loadsOfSeveral: ReadonlySet<number> = new Set([0.01, 0.03, 0.1]);
/** As many as tell what one request leaves for the next. */
const several = 4;
const mostPerMs = 2;
const leastPerMs = 0.015;
/**
 * Collections of garbage follow work by some seconds and belong to its cost; one takes as long as a hundred requests and
 * comes every seven hundred or so, so that each rate takes a while.
 */
const enoughRequests = 1000;
const timesBudget = { least: 4, most: 15 } as const;
/** A second between two polls of a device, as far as there are accounts. */
const pollMs = 1000;
const fewestUsers = 20;
const mostUsers = 200;
const objects = 5;
/** A machine that is too slow for the figures of a run may be good enough for its costs. */
const patientMs = 5000;

/**
 * What idle time costs a server: fleets like that of `like` poll for empty reports at several rates, four to fifteen
 * times `budgetMs` each; gives the processor time of a request by rate, and of which threads it was. It is fleets that
 * do it because how much of the server's state is still in the caches depends on what else the machine does meanwhile:
 * make the load.
 * `aloneMs` is the time of a request for a lone client without a pause.
 * @throws DavpulseError when the server refuses or fails
 */
export async function measureCold(
  server: LiveServer,
  like: RunSpec,
  aloneMs: number,
  budgetMs: number,
  signal: AbortSignal,
): Promise<{ points: RatePoint[]; times: ThreadTime[] }> {
  const points: RatePoint[] = [];
  const times: ThreadTime[] = [];
  for (const load of loads) {
    const perMs = Math.max(leastPerMs, Math.min(mostPerMs, load / aloneMs));
    for (const inContact of loadsOfSeveral.has(load) ? [1, several] : [1]) {
      const spec = pollingFleet(like, server.users.length, { perMs, inContact, budgetMs });
      const record = await polled(spec, server, signal);
      const { countedMs } = record;
      const { requests, busyMs } = record.server;
      times.push(threadTimeOf(record));
      if (requests > 0 && busyMs > 0)
        points.push({ perMs: requests / countedMs, costMs: busyMs / requests, inContact });
    }
  }
  return { points, times };
}

async function polled(spec: RunSpec, server: LiveServer, signal: AbortSignal) {
  const users = server.users.slice(0, spec.users);
  return await runLive(spec, {
    signal,
    timeScale: 1,
    maxLagMs: patientMs,
    server: { ...server, users },
  });
}

interface Polling {
  /** Requests of all devices together. */
  readonly perMs: number;
  readonly inContact: number;
  readonly budgetMs: number;
}

/** Each user has a device and so many calendars, in which nothing changes. */
function pollingFleet(like: RunSpec, accounts: number, { perMs, inContact, budgetMs }: Polling): RunSpec {
  const [device] = like.deviceGroups;
  const [calendar] = like.collectionGroups;
  if (device === undefined || calendar === undefined)
    throw new RangeError('a fleet has devices and calendars');
  const users = Math.min(mostUsers, accounts, Math.max(fewestUsers, Math.round(perMs * pollMs)));
  const { least, most } = timesBudget;
  const durationMs = Math.max(least * budgetMs, Math.min(most * budgetMs, enoughRequests / perMs));
  return {
    ...like,
    label: 'polls of what does not change',
    users,
    warmUpMs: 0,
    durationMs,
    pushPolicy: { kind: 'off' },
    deviceGroups: [plainDevice(device, { kind: 'fixed', intervalMs: (inContact * users) / perMs })],
    collectionGroups: [
      { ...calendar, members: 1, perUser: inContact, objects, changes: { kind: 'poisson', perDay: 0 } },
    ],
  };
}
