import type { Measured } from './as-measured.ts';
import { liveCosts } from './live-costs.ts';
import { plainFleet } from './plain-fleet.ts';
import type { WarmServer } from './run-warm.ts';
import { withNews } from './with-cold.ts';

/** From a hundred writes a second and a thousand reports to one and twenty; the calm ones for longer, so that collections of garbage fall into all of them. */
const fleets = [
  { users: 200, pollMs: 400, writesPerSecond: 100, timesBudget: 8 },
  { users: 100, pollMs: 1000, writesPerSecond: 25, timesBudget: 15 },
  { users: 100, pollMs: 1000, writesPerSecond: 5, timesBudget: 15 },
  { users: 20, pollMs: 1000, writesPerSecond: 5, timesBudget: 25 },
  { users: 20, pollMs: 2000, writesPerSecond: 1, timesBudget: 25 },
] as const;

/**
 * What writes, and fetches of what was written, cost a server beyond what they take a lone client, at the pace of fleets
 * that poll: what the simulator must take for them to come to the same. One that follows the last at once costs what it
 * does a lone client, which is what a server near saturation pays.
 * @throws DavpulseError when the server refuses or fails
 */
export async function measureNews(
  on: WarmServer,
  measured: Measured,
  { budgetMs, signal }: { readonly budgetMs: number; readonly signal: AbortSignal },
) {
  const most = on.server.users.length;
  const specs = fleets.map(({ users, pollMs, writesPerSecond, timesBudget }) => {
    const fleet = { users: Math.min(users, most), members: 2, writesPerSecond };
    const polls = { kind: 'fixed', intervalMs: pollMs } as const;
    return {
      ...plainFleet(on.like, fleet, polls),
      label: 'polls of what changes',
      durationMs: timesBudget * budgetMs,
      pushPolicy: { kind: 'off' } as const,
    };
  });
  return await liveCosts(on, specs, measured, { withCosts: withNews, leastMs: 0, signal });
}
