import { readFile } from 'node:fs/promises';
import { DavpulseError } from '../errors/index.ts';
import type { ResultFile } from './result-file.ts';
import { resultFileSchema } from './result-schema.ts';

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Parses the text of a result file; `place` names it in errors.
 * @throws DavpulseError DAVPULSE_RESULT_INVALID with the first fault and where it is
 */
export function parseResultFile(text: string, place: string): ResultFile {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new DavpulseError('DAVPULSE_RESULT_INVALID', `${place} is not JSON: ${reasonOf(cause)}`, { cause });
  }
  const parsed = resultFileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue === undefined || issue.path.length === 0 ? 'the whole file' : issue.path.join('.');
  throw new DavpulseError(
    'DAVPULSE_RESULT_INVALID',
    `${place} is not a result file of this version: ${field}: ${issue?.message ?? 'unknown fault'}`,
  );
}

/** @throws DavpulseError DAVPULSE_FILE_UNREADABLE or DAVPULSE_RESULT_INVALID */
export async function readResultFile(path: string): Promise<ResultFile> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DavpulseError('DAVPULSE_FILE_UNREADABLE', `${path} cannot be read: ${reasonOf(cause)}`, {
      cause,
    });
  });
  return parseResultFile(text, path);
}
