import { spawnSync } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Whether a program is installed; tests that need one that is not are skipped. */
export const installed = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end, beside the server in this process. */
export async function run(
  program: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string>; input?: string },
): Promise<Ended> {
  const child = spawn(program, [...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: 'pipe',
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stdin.end(options.input ?? '');
  const [code]: (number | null)[] = await once(child, 'close');
  return { code: code ?? null, output };
}
