import type { CostFleet } from './cost-fleet.ts';
import { plainFleet } from './plain-fleet.ts';
import { devicesPerUser, mostPerMs } from './polling-fleets.ts';
import type { WarmServer } from './run-warm.ts';

/**
 * The busiest fleets, of all users and devices that there are, for a server that bears so many polls a ms and nothing else;
 * of one that bears more they are faster.
 */
const bornePerMs = 4;
const busiest = [
  { members: 2, contactsPerMs: 1, fetchesPerSecond: 350, timesBudget: 16 },
  { members: 10, contactsPerMs: 0.5, fetchesPerSecond: 270, timesBudget: 16 },
] as const;

/**
 * Down to a write every two seconds, which one fetches or nine do; the calm ones for longer, so that collections of garbage
 * fall into all of them.
 */
const calmer = [
  { users: 100, members: 2, pollMs: 1000, writesPerSecond: 25, timesBudget: 16 },
  { users: 100, members: 10, pollMs: 1000, writesPerSecond: 3, timesBudget: 16 },
  { users: 20, members: 2, pollMs: 1000, writesPerSecond: 5, timesBudget: 40 },
  { users: 20, members: 10, pollMs: 2000, writesPerSecond: 0.5, timesBudget: 40 },
] as const;

/**
 * Writes that have one reader or nine, at rates from near saturation to calm; the first has many bursts of one message.
 * Some collections of garbage must fall into each run, and some bursts, so calm ones last longer.
 */
const told = [
  { users: 200, members: 2, writesPerSecond: 400, timesBudget: 16 },
  { users: 200, members: 10, writesPerSecond: 120, timesBudget: 16 },
  { users: 200, members: 10, writesPerSecond: 60, timesBudget: 16 },
  { users: 200, members: 10, writesPerSecond: 6, timesBudget: 16 },
  { users: 20, members: 10, writesPerSecond: 5, timesBudget: 16 },
  { users: 20, members: 2, writesPerSecond: 12, timesBudget: 16 },
  { users: 20, members: 10, writesPerSecond: 1.5, timesBudget: 34 },
  { users: 20, members: 2, writesPerSecond: 4, timesBudget: 34 },
  { users: 20, members: 10, writesPerSecond: 0.5, timesBudget: 50 },
] as const;

/** Fleets that poll for what others write, from as much as a server near saturation has to do; `aloneMs` as for `pollingFleets`. */
export function newsFleets({ like, server }: WarmServer, aloneMs: number, budgetMs: number): CostFleet[] {
  const pace = Math.max(1, mostPerMs(aloneMs) / bornePerMs);
  const users = server.users.length;
  const devices = devicesPerUser(like);
  const paced = busiest.map(({ contactsPerMs, fetchesPerSecond, ...fleet }) => ({
    ...fleet,
    users,
    devices,
    pollMs: (users * devices) / (contactsPerMs * pace),
    // All devices of those who share a calendar fetch what one of them writes.
    writesPerSecond: (fetchesPerSecond * pace) / (fleet.members * devices - 1),
  }));
  return [...paced, ...calmer].map(({ pollMs, timesBudget, ...size }) => {
    const fleet = { ...size, users: Math.min(size.users, users) };
    return {
      tells: 'news',
      inContact: 1,
      spec: {
        ...plainFleet(like, fleet, { kind: 'fixed', intervalMs: pollMs }),
        label: 'polls of what changes',
        durationMs: timesBudget * budgetMs,
        pushPolicy: { kind: 'off' },
      },
    };
  });
}

/** Small fleets that are told what others write, and do not ask unless they are. */
export function messageFleets({ like, server }: WarmServer, budgetMs: number): CostFleet[] {
  const whenTold = { kind: 'hybrid', safetyIntervalMs: 86_400_000, spreadMs: 0 } as const;
  return told.map(({ timesBudget, ...fleet }) => {
    const users = Math.min(fleet.users, server.users.length);
    return {
      tells: 'messages',
      inContact: 1,
      spec: {
        ...plainFleet(like, { ...fleet, users }, whenTold),
        label: 'pushes',
        durationMs: timesBudget * budgetMs,
        pushService: {
          name: like.pushService.name,
          delayMs: { kind: 'constant', value: 0 },
          loss: 0,
          keepAliveMs: 0,
        },
      },
    };
  });
}
