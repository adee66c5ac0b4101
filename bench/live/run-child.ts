import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What a driver reports of itself. */
export interface DriverResult {
  readonly requests: number;
  readonly failed: number;
  readonly wallMs: number;
  readonly cpuMs: number;
}

const run = promisify(execFile);

/** Runs a script of this folder in a process of its own and reads the line of JSON that it prints. */
export async function runChild(script: string, args: readonly string[]): Promise<DriverResult> {
  const { stdout } = await run(process.execPath, [new URL(script, import.meta.url).pathname, ...args]);
  // The scripts beside this one print exactly this.
  return JSON.parse(stdout) as DriverResult;
}

/** wrk with one thread; `undefined` where wrk is not installed. It does not tell its own processor time. */
export async function runWrk(
  script: string,
  connections: string,
  seconds: string,
  url: string,
): Promise<Pick<DriverResult, 'requests' | 'wallMs'> | undefined> {
  try {
    const { stdout } = await run('wrk', ['-t1', `-c${connections}`, `-d${seconds}`, '-s', script, url]);
    const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
    return { requests: Math.round(perSecond * Number(seconds)), wallMs: Number(seconds) * 1000 };
  } catch {
    return undefined;
  }
}
