import type { Measured } from './as-measured.ts';
import { liveCosts } from './live-costs.ts';
import { plainFleet } from './plain-fleet.ts';
import type { WarmServer } from './run-warm.ts';
import { withPush } from './with-cold.ts';

/**
 * Writes that have one reader or nine, at rates from busy to calm; the first has many bursts of one message, as a server
 * near saturation has.
 */
const fleets = [
  { users: 200, members: 2, writesPerSecond: 400 },
  { users: 200, members: 10, writesPerSecond: 60 },
  { users: 20, members: 10, writesPerSecond: 15 },
  { users: 20, members: 10, writesPerSecond: 5 },
  { users: 20, members: 2, writesPerSecond: 12 },
  { users: 20, members: 10, writesPerSecond: 1.5 },
  { users: 20, members: 2, writesPerSecond: 4 },
] as const;
/** Some collections of garbage must fall into each run, as one takes as long as a hundred requests. */
const timesBudget = 12;

/**
 * What push messages cost a server at the pace of a fleet, delivery and acknowledgement by the bundled push service in
 * them, and whatever else in such fleets costs more than in those that poll: small fleets that are pushed to live on
 * it, and messages cost what the simulator must take for them to come to the same. `aloneMs` is what a message takes
 * when bursts are sent one after the other, which nothing is cheaper than.
 * @throws DavpulseError when the server refuses or fails
 */
export async function measurePush(
  on: WarmServer,
  measured: Measured,
  aloneMs: number,
  { budgetMs, signal }: { readonly budgetMs: number; readonly signal: AbortSignal },
) {
  // Nobody asks without being told to.
  const told = { kind: 'hybrid', safetyIntervalMs: 86_400_000, spreadMs: 0 } as const;
  const most = on.server.users.length;
  const specs = fleets.map((fleet) => ({
    ...plainFleet(on.like, { ...fleet, users: Math.min(fleet.users, most) }, told),
    label: 'pushes',
    durationMs: timesBudget * budgetMs,
    pushService: {
      name: on.like.pushService.name,
      delayMs: { kind: 'constant', value: 0 } as const,
      loss: 0,
      keepAliveMs: 0,
    },
  }));
  return await liveCosts(on, specs, measured, { withCosts: withPush, leastMs: aloneMs, signal });
}
