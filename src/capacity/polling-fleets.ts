import type { RunSpec } from '../../sim/index.ts';
import type { CostFleet } from './cost-fleet.ts';
import { plainFleet } from './plain-fleet.ts';
import type { WarmServer } from './run-warm.ts';
import { sumOf } from './sum-of.ts';

/** Requests per ms of the busiest fleet and of the calmest, evenly spaced by their logarithms. */
const rates = { most: 10, least: 0.01, steps: 5 } as const;
/**
 * The busiest fleet makes so many requests in the time that one takes for a lone client: each of those finds the server
 * idle, if not for long, and a crowd's do not. They cost 0.6 of it where that was measured, and nearly fill the server;
 * where they cost as much it is full, which says as much of what they cost.
 */
const mostPace = 1.2;
/** The calmest fleet of a slow server makes as small a share of its busiest. */
const span = rates.most / rates.least;
/** Requests per ms of the busiest fleet, where one takes a lone client `aloneMs`. */
export const mostPerMs = (aloneMs: number): number => Math.min(rates.most, mostPace / aloneMs);

/** How often looks and reports are compared at the fastest rate. */
const comparisons = 2;
/** Slower rates at which they are: idle time costs the two differently. */
const comparedSteps: ReadonlySet<number> = new Set([2, 4]);
/**
 * Contacts of several requests tell what one leaves for the next: of two, as accounts have calendars, and of more; not
 * at the slowest rate, nor where contacts meet.
 */
const several = [2, 4] as const;
/**
 * Collections of garbage follow work by some seconds and belong to its cost; one takes as long as a hundred requests and
 * comes every seven hundred or so, so that each rate takes a while.
 */
const enoughRequests = 2500;
const timesBudget = { least: 16, most: 45 } as const;
/**
 * A second between two contacts of a device, as far as there are accounts: each has a connection, a user and calendars, and the
 * more of them there are the less often they are in the caches. At 5 reports a ms those of 1,400 devices took 141 µs each and
 * those of 200 took 122.
 */
const contactMs = 1000;
const fewestUsers = 20;

/**
 * Fleets like that of the server that poll for empty reports at several rates, 16 to 45 times `budgetMs` each, and
 * at some rates also look at tokens, which is another thing than for a lone client; and one that never asks. It is fleets
 * that tell what idle time costs, because how much of the server's state is still in the caches depends on what else the
 * machine does meanwhile: make the load. `aloneMs` is the time of a request for a lone client without a pause.
 */
export function pollingFleets(on: WarmServer, aloneMs: number, budgetMs: number): CostFleet[] {
  const most = mostPerMs(aloneMs);
  const fleet = (perMs: number, inContact = 1): CostFleet => ({
    tells: 'reports',
    inContact,
    spec: pollingFleet(on, perMs, inContact, budgetMs),
  });
  const compared = Array.from({ length: comparisons }, () => [looking(fleet(most)), fleet(most)]).flat();
  const calmer = Array.from({ length: rates.steps }, (_, step) => {
    const perMs = most * span ** (-(step + 1) / rates.steps);
    const looks = comparedSteps.has(step + 1) ? [looking(fleet(perMs))] : [];
    const isBetween = step > 0 && step + 1 < rates.steps;
    return [fleet(perMs), ...looks, ...(isBetween ? several.map((requests) => fleet(perMs, requests)) : [])];
  });
  return [...compared, ...calmer.flat(), resting(fleet(most), budgetMs)];
}

/** Each user has so many calendars, in which nothing changes: whatever their number, all contacts go through as many. */
function pollingFleet(
  { like, server }: WarmServer,
  perMs: number,
  inContact: number,
  budgetMs: number,
): RunSpec {
  const wanted = Math.max(fewestUsers, Math.round((perMs * contactMs) / inContact));
  const users = Math.min(Math.floor(server.users.length / inContact), wanted);
  const devices = Math.min(devicesPerUser(like), Math.floor(wanted / users));
  const { least, most } = timesBudget;
  const size = { users, devices, calendars: inContact, members: 1, writesPerSecond: 0 };
  return {
    ...plainFleet(like, size, { kind: 'fixed', intervalMs: (inContact * users * devices) / perMs }),
    label: 'polls of what does not change',
    durationMs: Math.max(least * budgetMs, Math.min(most * budgetMs, enoughRequests / perMs)),
    pushPolicy: { kind: 'off' },
  };
}

/** Of each user of a server. */
export const devicesPerUser = ({ deviceGroups }: RunSpec): number =>
  Math.max(1, Math.floor(sumOf(deviceGroups, ({ perUser }) => perUser)));

const never = { kind: 'manual', refreshesPerDay: 0, wakeHour: 0, sleepHour: 24 } as const;

/** Nobody asks. */
const resting = ({ spec, ...fleet }: CostFleet, budgetMs: number): CostFleet => ({
  ...fleet,
  tells: 'upkeep',
  spec: {
    ...withDevices(spec, (group) => ({ ...group, syncPolicy: never })),
    durationMs: timesBudget.most * budgetMs,
  },
});

const looking = ({ spec, ...fleet }: CostFleet): CostFleet => ({
  ...fleet,
  tells: 'looks',
  spec: withDevices(spec, (group) => ({ ...group, client: { ...group.client, check: 'sync-token' } })),
});

type DeviceGroup = RunSpec['deviceGroups'][number];

const withDevices = (spec: RunSpec, change: (group: DeviceGroup) => DeviceGroup): RunSpec => ({
  ...spec,
  deviceGroups: spec.deviceGroups.map(change),
});
