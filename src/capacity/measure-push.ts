import { layoutFleet, type RunSpec } from '../../sim/index.ts';
import { runLive } from '../live/index.ts';
import { asMeasured, type Measured } from './as-measured.ts';
import { fitPush, type PushFit, type PushedFleet } from './fit-push.ts';
import { inProportion } from './in-proportion.ts';
import { openWarmServer } from './run-warm.ts';
import { warmRounds } from './warm-up.ts';
import { threadTimeOf, type ThreadTime } from './with-threads.ts';
import { plainDevice } from './plain-device.ts';

/** Fleets whose writes have one reader or nine, at rates from calm to busy; each user has two calendars, as accounts do. */
const fleets = [
  { members: 2, writesPerSecond: 4 },
  { members: 10, writesPerSecond: 1.5 },
  { members: 2, writesPerSecond: 12 },
  { members: 10, writesPerSecond: 5 },
  { members: 10, writesPerSecond: 15 },
] as const;
const users = 20;
const objects = 5;
/** Long enough that a burst finds the server idle after its write, as it does where changes are merged. */
const windowMs = 500;
/** Some collections of garbage must fall into each run, as one takes as long as a hundred requests. */
const timesBudget = 7.5;
const patientMs = 5000;

/**
 * What push messages cost a server at the pace of a fleet, delivery and acknowledgement by the bundled push service in
 * them, and whatever else in such fleets costs more than in those that poll: small fleets that are pushed to live on
 * it, and messages cost what the simulator must take for them to come to the same. `aloneMs` is what a message takes
 * when bursts are sent one after the other. @throws DavpulseError when the server does not come up or fails
 */
export async function measurePush(
  like: RunSpec,
  measured: Measured,
  aloneMs: number,
  budgetMs: number,
  signal: AbortSignal,
): Promise<{ fit: PushFit; times: ThreadTime[] }> {
  await using stack = new AsyncDisposableStack();
  const plans = fleets.map((fleet) => pushedFleet(like, fleet, timesBudget * budgetMs, budgetMs));
  const [last] = plans.slice(-1);
  if (last === undefined) throw new RangeError('there are fleets to measure');
  const rounds = Math.min(warmRounds, budgetMs);
  const server = await openWarmServer(last, layoutFleet(last).users, { signal, rounds }, stack);
  const lived: PushedFleet[] = [];
  const times: ThreadTime[] = [];
  for (const plan of plans) {
    const record = await runLive(plan, { signal, timeScale: 1, maxLagMs: patientMs, server });
    const { busyMs } = record.server;
    times.push(threadTimeOf(record));
    if (busyMs > 0) lived.push({ spec: asMeasured(plan, measured), busyMs });
  }
  return { fit: fitPush(lived, aloneMs), times };
}

/** Each user has a device and shares calendars with others; nobody asks without being told to. */
function pushedFleet(
  like: RunSpec,
  { members, writesPerSecond }: (typeof fleets)[number],
  durationMs: number,
  budgetMs: number,
): RunSpec {
  const [device] = like.deviceGroups;
  const [shared] = like.collectionGroups;
  if (device === undefined || shared === undefined) throw new RangeError('a fleet has devices and calendars');
  const { writes: _, ...calendar } = shared;
  const mergedMs = inProportion(windowMs, budgetMs);
  return {
    ...like,
    label: 'pushes',
    users,
    durationMs,
    warmUpMs: mergedMs,
    pushPolicy: { kind: 'window', windowMs: mergedMs, ttlSeconds: 60, topic: 0 },
    pushService: {
      name: like.pushService.name,
      delayMs: { kind: 'constant', value: 0 },
      loss: 0,
      keepAliveMs: 0,
    },
    deviceGroups: [plainDevice(device, { kind: 'hybrid', safetyIntervalMs: 86_400_000, spreadMs: 0 })],
    collectionGroups: [
      {
        ...calendar,
        members,
        perUser: 2,
        objects,
        writer: 'device',
        changes: { kind: 'poisson', perDay: (writesPerSecond * 86_400 * members) / (2 * users) },
      },
    ],
  };
}
