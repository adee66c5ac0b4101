import { setImmediate, setTimeout } from 'node:timers/promises';
import type { ColdSpec } from '../../sim/index.ts';
import { emptyReplica, syncReplica, type SyncHabits } from '../client/index.ts';
import { processorMs } from '../live/index.ts';
import type { BenchBed } from './bench-bed.ts';

const idleTimesMs = [1, 2, 5, 10, 20, 50, 100] as const;
const leastJobs = 12;
const mostJobs = 200;
/** A timer is set for less than the wait, since it may be this late, and the rest is spent looking at the clock. */
const timerSlackMs = 1.5;

const habits: SyncHabits = {
  check: 'none',
  report: 'sync-collection',
  inline: false,
  multigetBatch: 50,
  concurrency: 1,
};

/**
 * What a job costs the server more after it had nothing to do for a while, in processor time: the mean of what an
 * empty report and a write cost more than without a pause, `budgetMs` for each length of pause.
 */
export async function measureCold(bed: BenchBed, budgetMs: number): Promise<ColdSpec[]> {
  const replica = emptyReplica(bed.collection, 'calendar');
  await syncReplica(bed.session, replica, habits);
  const jobs = [() => syncReplica(bed.session, replica, habits), (round: number) => bed.put(round % 10)];
  const points: ColdSpec[] = [];
  const warm: number[] = [];
  for (const job of jobs) warm.push(await costOf(bed, job, 0, budgetMs));
  for (const idleMs of idleTimesMs) {
    const more: number[] = [];
    for (const [index, job] of jobs.entries()) {
      more.push((await costOf(bed, job, idleMs, budgetMs)) - (warm[index] ?? 0));
    }
    const costMs = Math.max(0, more.reduce((sum, value) => sum + value, 0) / more.length);
    // A longer pause never makes a job cheaper; what says so is noise.
    points.push({ idleMs, costMs: Math.max(round(costMs), points.at(-1)?.costMs ?? 0) });
  }
  return points;
}

/** Processor time of the server for one job, each `idleMs` after the one before. */
async function costOf(
  bed: BenchBed,
  job: (round: number) => Promise<unknown>,
  idleMs: number,
  budgetMs: number,
): Promise<number> {
  const pid = bed.target.pid ?? 0;
  const jobs = Math.min(mostJobs, Math.max(leastJobs, Math.round(budgetMs / (idleMs + 1))));
  const before = processorMs(pid);
  for (let done = 0; done < jobs; done += 1) {
    await job(done);
    await pause(idleMs);
  }
  bed.exchanges.length = 0;
  return (processorMs(pid) - before) / jobs;
}

async function pause(ms: number): Promise<void> {
  const endAt = performance.now() + ms;
  if (ms > 2 * timerSlackMs) await setTimeout(ms - timerSlackMs);
  while (performance.now() < endAt) await setImmediate();
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
