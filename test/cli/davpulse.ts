import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for one test file. */
export const scratch = (): string => mkdtempSync(join(tmpdir(), 'davpulse-'));

/** Runs the command as a user would; `onStderr` sees what it says while it runs. */
export async function davpulse(
  args: readonly string[],
  options: { readonly cwd?: string; readonly onStderr?: (text: string, kill: () => void) => void } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [join(process.cwd(), 'bin/davpulse.js'), ...args], {
    cwd: options.cwd ?? process.cwd(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    options.onStderr?.(stderr, () => child.kill('SIGINT'));
  });
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}
