import { mkdir, mkdtemp, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DavpulseError } from '../errors/index.ts';
import type { ResultFile } from './result-file.ts';

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys in alphabetical order, so that equal results are equal bytes however they were put together. */
const sortKeys = (_key: string, value: unknown): unknown =>
  isPlain(value)
    ? Object.fromEntries(
        Object.keys(value)
          .toSorted()
          .map((key) => [key, value[key]]),
      )
    : value;

/** The bytes of a result file: head first, one run a line so that two files can be compared by `diff`. */
export function formatResultFile(result: ResultFile): string {
  const { runs, schema, ...head } = result;
  const fields = Object.entries(head)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value, sortKeys)}`);
  const lines = runs.map((run) => JSON.stringify(run, sortKeys)).join(',\n');
  return `{\n"schema": ${schema},\n${fields.join(',\n')},\n"runs": [\n${lines}\n]\n}\n`;
}

/**
 * Writes a file whole or not at all: into a neighbour first, then renamed, so that a reader or a crash never
 * meets half of it. @throws DavpulseError DAVPULSE_FILE_UNREADABLE
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const neighbour = join(dirname(path), `.${process.pid}-${Date.now()}.part`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(neighbour, content);
    await rename(neighbour, path);
  } catch (cause) {
    await rm(neighbour, { force: true }).catch(() => {});
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DavpulseError('DAVPULSE_FILE_UNREADABLE', `${path} cannot be written: ${reason}`, { cause });
  }
}

/**
 * Makes a folder and finds out whether files can be written there: before hours of work that would have nowhere to go.
 * @throws DavpulseError DAVPULSE_FILE_UNREADABLE
 */
export async function ensureWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await rmdir(await mkdtemp(join(folder, '.writable-')));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DavpulseError('DAVPULSE_FILE_UNREADABLE', `${folder} cannot be written to: ${reason}`, {
      cause,
    });
  }
}

/** @throws DavpulseError DAVPULSE_FILE_UNREADABLE */
export const writeResultFile = (path: string, result: ResultFile): Promise<void> =>
  writeWhole(path, formatResultFile(result));
