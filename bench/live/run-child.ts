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

/** wrk with one thread, its processor time told by the shell; `undefined` where either is missing. */
export async function runWrk(
  script: string,
  connections: string,
  seconds: string,
  url: string,
): Promise<DriverResult | undefined> {
  try {
    const wrk = ['wrk', '-t1', `-c${connections}`, `-d${seconds}`, '-s', script, url];
    const { stdout, stderr } = await run('bash', ['-c', `TIMEFORMAT='cpu %U %S'; time "$@"`, 'wrk', ...wrk]);
    const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
    const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(stderr) ?? [];
    return {
      requests: Math.round(perSecond * Number(seconds)),
      failed: Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0),
      wallMs: Number(seconds) * 1000,
      cpuMs: (Number(user) + Number(system)) * 1000,
    };
  } catch {
    return undefined;
  }
}
