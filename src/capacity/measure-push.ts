import { makeUsers, startBundledServer, type Target } from '../live/index.ts';
import type { BedSize } from './bench-bed.ts';
import type { ColdFit } from './fit-cold.ts';
import { fitPush, type BurstPoint, type PushFit } from './fit-push.ts';
import { inProportion } from './in-proportion.ts';
import { openCircle, writeAtRandom, type PushCircle } from './push-circle.ts';
import { exercise, warmRounds, warmUpPush } from './warm-up.ts';

/** Circles of calendars: without subscribers, and with as few and as many as a burst has in small fleets. */
const sizes = [0, 1, 9] as const;
const calendars = 24;
/** Long enough that a burst finds the server idle after its write, as it does where changes are merged. */
const windowMs = 500;
/** Shares of what a server does with bursts of the largest size. */
const loads = [0.04, 0.2] as const;
const timesBudget = 3;
const leastWrites = 25;
const objects = 5;

/**
 * What push messages cost a server at the pace of a fleet, delivery and acknowledgement by the bundled push service in
 * them: calendars without subscribers, with one and with several are written to at random at two rates, three times
 * `budgetMs` each. `guessMs` is what a write and a message take one after the other.
 * @throws DavpulseError when the server does not come up or fails
 */
export async function measurePush(
  size: BedSize,
  cold: ColdFit,
  guessMs: { readonly put: number; readonly push: number },
  budgetMs: number,
  signal: AbortSignal,
): Promise<PushFit> {
  await using stack = new AsyncDisposableStack();
  const mergedMs = inProportion(windowMs, budgetMs);
  const target = await startServer(size, mergedMs, signal, stack);
  const opened: PushCircle[] = [];
  for (const [place, subscribers] of sizes.entries()) {
    const user = target.users.slice(place, place + 1);
    const circle = { ...size, objects, subscribers, calendars: inProportion(calendars, budgetMs) };
    opened.push(await openCircle(target, user, circle, stack));
  }
  const rounds = Math.min(warmRounds, budgetMs);
  const [first] = opened[0]?.beds ?? [];
  if (first !== undefined) await exercise(first, rounds);
  const [largest] = opened.slice(-1);
  if (largest !== undefined) await warmUpPush(largest, rounds);
  const most = largest?.subscribers ?? 0;
  const points: BurstPoint[] = [];
  for (const load of [...loads, ...loads]) {
    const perMs = load / (guessMs.put + most * guessMs.push);
    const writes = Math.max(
      inProportion(leastWrites, budgetMs),
      Math.round((perMs * timesBudget * budgetMs) / 2),
    );
    points.push(...(await burstsAt(opened, perMs, writes, 2 * mergedMs)));
  }
  return fitPush(points, cold) ?? { eachMs: guessMs.push, firstMs: 0 };
}

/** What writes cost more at one rate because of those who are told of them. */
async function burstsAt(
  opened: readonly PushCircle[],
  perMs: number,
  times: number,
  silenceMs: number,
): Promise<BurstPoint[]> {
  const points: BurstPoint[] = [];
  let aloneMs = 0;
  for (const circle of opened) {
    const { writes, messages, cpuMs } = await writeAtRandom(circle, perMs, times, objects, silenceMs);
    const { subscribers } = circle;
    if (subscribers === 0) aloneMs = cpuMs / writes;
    if (messages === 0) continue;
    // Some writes share their burst with others.
    const bursts = messages / subscribers;
    points.push({
      subscribers,
      perMs: (perMs * (1 + bursts / writes)) / 2,
      costMs: (cpuMs - writes * aloneMs) / bursts,
      load: (perMs * cpuMs) / writes,
    });
  }
  return points;
}

async function startServer(
  { transport }: BedSize,
  mergedMs: number,
  signal: AbortSignal,
  stack: AsyncDisposableStack,
): Promise<Target> {
  const users = makeUsers(sizes.length);
  const { url, pushServiceUrl, pid, stop } = await startBundledServer(
    {
      seed: 1,
      transport,
      pushPolicy: { kind: 'window', windowMs: mergedMs, ttlSeconds: 60, topic: 0 },
      pushService: { name: 'bundled', delayMs: { kind: 'constant', value: 0 }, loss: 0, keepAliveMs: 0 },
    },
    users,
    signal,
  );
  stack.defer(stop);
  return { origin: new URL(url).origin, basePath: '/', users, pushServiceUrl, pid };
}
