import { readFileSync } from 'node:fs';

/** Linux counts processor time in ticks of 10 ms (USER_HZ, proc(5)). */
const msPerTick = 10;

/** Processor time that a process has used so far, ms; `NaN` where the system does not tell. */
export function processorMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold spaces; utime and stime are fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * msPerTick;
  } catch {
    return NaN;
  }
}
