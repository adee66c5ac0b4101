import { readdirSync, readFileSync } from 'node:fs';
import { sum } from 'simple-statistics';

/** Linux counts processor time in ticks of 10 ms (USER_HZ, proc(5)). */
const msPerTick = 10;

/** Processor time that a process and its children have used so far, ms; `NaN` where the system does not tell. */
export function processorMs(pid: number): number {
  try {
    return sum(treeOf(pid).map(ownProcessorMs));
  } catch {
    return NaN;
  }
}

/** So far, ms: for how long a thread ran, and for how long it was ready to and had no processor. */
export interface ThreadTime {
  readonly ranMs: number;
  readonly waitedMs: number;
}

/** Of the main thread of a process; `NaN` where the system does not tell. */
export function mainThreadTime(pid: number): ThreadTime {
  try {
    return threadTime(pid, String(pid));
  } catch {
    return { ranMs: NaN, waitedMs: NaN };
  }
}

/** Processor time that the threads of a process have used that are there now, ms; `NaN` where the system does not tell. */
export function livingThreadsMs(pid: number): number {
  try {
    return sum(readdirSync(`/proc/${pid}/task`).map((task) => threadTime(pid, task).ranMs));
  } catch {
    return NaN;
  }
}

/** Memory of a process and its children, what is shared with others divided among them (PSS); `NaN` where the system does not tell. */
export function residentBytes(pid: number): number {
  try {
    return sum(treeOf(pid).map(ownResidentBytes));
  } catch {
    return NaN;
  }
}

/** Servers that fork do their work in children. */
function treeOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    try {
      return readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ');
    } catch {
      return [];
    }
  });
  return [pid, ...children.filter((child) => child.trim() !== '').flatMap((child) => treeOf(Number(child)))];
}

/** Its threads' and, in ticks, that of children that are gone. */
function ownProcessorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in brackets and may hold spaces; utime to cstime are fields 14 to 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [own, gone] = [Number(fields[11]) + Number(fields[12]), Number(fields[13]) + Number(fields[14])];
  return threadsMs(pid, own * msPerTick) + gone * msPerTick;
}

/** Threads that have ended are missing from schedstat, so the coarser clock may show more. */
function threadsMs(pid: number, coarseMs: number): number {
  const fineMs = livingThreadsMs(pid);
  return Number.isNaN(fineMs) || coarseMs - fineMs > 2 * msPerTick ? coarseMs : fineMs;
}

/** In nanoseconds (schedstat, Documentation/scheduler/sched-stats.rst of Linux). */
function threadTime(pid: number, task: string): ThreadTime {
  const [ran = NaN, waited = NaN] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8')
    .split(' ')
    .map(Number);
  return { ranMs: ran / 1e6, waitedMs: waited / 1e6 };
}

function ownResidentBytes(pid: number): number {
  const [, kilobytes] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
