import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DavpulseError } from '../errors/index.ts';

const run = promisify(execFile);

/** Another version of the sources beside this one. */
export interface Checkout extends AsyncDisposable {
  readonly folder: string;
}

const lockOf = (folder: string): Promise<string> =>
  readFile(join(folder, 'package-lock.json'), 'utf8').catch(() => '');

/**
 * Checks a git ref out into a folder of its own. It shares the installed packages where both versions ask for the
 * same, and installs its own otherwise. @throws DavpulseError DAVPULSE_OPTION_INVALID for a ref that is not there
 */
export async function checkOut(repository: string, ref: string): Promise<Checkout> {
  const parent = await mkdtemp(join(tmpdir(), 'davpulse-bench-'));
  const folder = join(parent, 'base');
  const git = (...args: string[]) => run('git', ['-C', repository, ...args]);
  try {
    await git('worktree', 'add', '--detach', folder, ref);
  } catch (cause) {
    await rm(parent, { recursive: true });
    throw new DavpulseError(
      'DAVPULSE_OPTION_INVALID',
      `${ref} is neither a git ref of ${repository} nor a URL`,
      { cause },
    );
  }
  if ((await lockOf(folder)) === (await lockOf(repository))) {
    await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  } else {
    await run('npm', ['ci'], { cwd: folder });
  }
  return {
    folder,
    [Symbol.asyncDispose]: async () => {
      await git('worktree', 'remove', '--force', folder);
      await rm(parent, { recursive: true, force: true });
    },
  };
}
