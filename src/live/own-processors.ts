import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Processors that this process may use, read before it was given one of them. */
const allowed = allowedProcessors();

/** Why a server and its generator cannot have a processor each on this machine; `undefined` when they can. */
export function whyNoOwnProcessors(): string | undefined {
  if (allowed.length < 2) return 'no two processors are known';
  try {
    taskset(['--version']);
    return undefined;
  } catch {
    return 'there is no taskset (util-linux)';
  }
}

/**
 * Gives the main threads of a server and of this process a processor each until the stack ends; their other threads stay
 * free. Otherwise who is woken is at times put on the processor of who wakes it, where either finds the caches full of
 * what the other needs: a calm server took half as much time again, as no server does that has a machine to itself.
 * Nothing happens where that cannot be; gives whether it did.
 */
export function ownProcessors(pid: number | undefined, stack: AsyncDisposableStack): boolean {
  const last = allowed.at(-1);
  if (pid === undefined || last === undefined || allowed.length < 2) return false;
  try {
    // A process that was started from a thread with a processor of its own has all of its threads there.
    place(allowed, pid, '--all-tasks');
    place([last], pid);
    place(allowed.slice(0, -1), process.pid);
  } catch {
    return false;
  }
  stack.defer(() => place(allowed, process.pid));
  return true;
}

const place = (processors: readonly number[], pid: number, ...which: readonly '--all-tasks'[]): void =>
  taskset([...which, '--pid', '--cpu-list', processors.join(','), String(pid)]);

function taskset(args: readonly string[]): void {
  execFileSync('taskset', args, { stdio: 'ignore' });
}

/** As Linux lists them (proc_pid_status(5)): `0-3,8`; none where it does not. */
function allowedProcessors(): readonly number[] {
  try {
    const [, list = ''] =
      /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return list.split(',').flatMap((range) => {
      const [first = NaN, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
  } catch {
    return [];
  }
}
