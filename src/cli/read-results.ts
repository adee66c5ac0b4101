import { readFile } from 'node:fs/promises';
import { DavpulseError } from '../errors/index.ts';
import { isK6Summary } from '../results/index.ts';

/** @throws DavpulseError DAVPULSE_FILE_UNREADABLE */
export const readText = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DavpulseError('DAVPULSE_FILE_UNREADABLE', `${path} cannot be read: ${reason}`, { cause });
  });

const parsedOrUndefined = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The contents of files when all of them are summaries of k6; what is none is for the reader of results to judge. */
export function k6SummariesIn(texts: readonly string[]): unknown[] | undefined {
  const summaries: unknown[] = [];
  for (const text of texts) {
    const content = parsedOrUndefined(text);
    if (!isK6Summary(content)) return undefined;
    summaries.push(content);
  }
  return summaries;
}
