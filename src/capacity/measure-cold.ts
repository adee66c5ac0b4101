import { setImmediate, setTimeout } from 'node:timers/promises';
import { streamKey, uniform } from '../../sim/index.ts';
import { emptyReplica, syncReplica, type Replica } from '../client/index.ts';
import { processorMs, type ServerUser, type Target } from '../live/index.ts';
import { openBed, type BedSize, type BenchBed } from './bench-bed.ts';
import { fitCold, type ColdFit, type RatePoint } from './fit-cold.ts';
import { plainHabits } from './plain-habits.ts';

/** Shares of what the server could do, and the most requests per ms that are asked for. */
const loads = [0.003, 0.01, 0.03, 0.1, 0.25] as const;
const mostPerMs = 2.5;
/** Collections of garbage follow work by some seconds and belong to its cost, so that each rate takes a while. */
const timesBudget = 4;
const leastRequests = 60;
const mostUsers = 200;
const objects = 5;
/** Below this a timer would come late by more than it waits for. */
const leastSleepMs = 1;

interface Member {
  readonly bed: BenchBed;
  readonly replica: Replica;
}

/**
 * What idle time costs a server: a crowd of accounts, each with a connection and a calendar of its own, asks for
 * empty reports at random at several rates, four times `budgetMs` each, and the processor time of a request is fitted by rate.
 * `aloneMs` is its time for a lone client without a pause. @throws DavpulseError when the server refuses or fails
 */
export async function measureCold(
  target: Target,
  pid: number,
  size: BedSize,
  aloneMs: number,
  budgetMs: number,
): Promise<ColdFit> {
  await using stack = new AsyncDisposableStack();
  const crowd: Member[] = [];
  for (const user of target.users.slice(0, mostUsers)) crowd.push(await join(target, user, size, stack));
  // Everybody's state is in the caches once before it counts.
  for (const { bed, replica } of crowd) await syncReplica(bed.session, replica, plainHabits);
  const points: RatePoint[] = [];
  for (const load of loads)
    points.push(await costAt(crowd, pid, Math.min(mostPerMs, load / aloneMs), budgetMs));
  return fitCold(points);
}

async function join(
  target: Target,
  user: ServerUser,
  size: BedSize,
  stack: AsyncDisposableStack,
): Promise<Member> {
  const bed = await openBed(target, user, { ...size, objects }, stack);
  const replica = emptyReplica(bed.collection, 'calendar');
  await syncReplica(bed.session, replica, plainHabits);
  return { bed, replica };
}

/** Requests come as a Poisson process, whatever the server does; a member that still waits is passed over. */
async function costAt(
  crowd: readonly Member[],
  pid: number,
  perMs: number,
  budgetMs: number,
): Promise<RatePoint> {
  const requests = Math.max(leastRequests, Math.round(perMs * timesBudget * budgetMs));
  const key = streamKey(1, 0);
  const waiting = new Set<Member>();
  const answers: Promise<void>[] = [];
  const before = processorMs(pid);
  const startedAt = performance.now();
  let dueAt = startedAt;
  for (let request = 0; request < requests; request += 1) {
    dueAt -= Math.log(uniform(key, 0, request)) / perMs;
    await until(dueAt);
    const member = crowd[request % crowd.length];
    if (member === undefined || waiting.has(member)) continue;
    waiting.add(member);
    answers.push(
      syncReplica(member.bed.session, member.replica, plainHabits).then(() => {
        waiting.delete(member);
        member.bed.exchanges.length = 0;
      }),
    );
  }
  await Promise.all(answers);
  const elapsedMs = performance.now() - startedAt;
  return { perMs: answers.length / elapsedMs, costMs: (processorMs(pid) - before) / answers.length };
}

/** Sleeps as a live fleet does: a machine whose clients never rest would keep the server's processor awake as well. */
async function until(dueAt: number): Promise<void> {
  const leftMs = dueAt - performance.now();
  if (leftMs > leastSleepMs) await setTimeout(leftMs);
  while (performance.now() < dueAt) await setImmediate();
}
