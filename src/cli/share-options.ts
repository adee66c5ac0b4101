import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import type { ShareOption } from '../dav/index.ts';
import { DavpulseError } from '../errors/index.ts';

const form = /^([^/:]+)\/((?:calendars|addressbooks)\/)?([^/:]+):([^:]+):(read|read-write)$/;

function readShare(text: string): ShareOption | undefined {
  const [, owner, home = 'calendars/', name, user, access] = form.exec(text.trim()) ?? [];
  if (owner === undefined || name === undefined || user === undefined) return undefined;
  const mayWrite = access === 'read-write';
  return { owner, collection: home + name, with: user, access: mayWrite ? 'read-write' : 'read' };
}

/** `OWNER/COLLECTION:USER:read|read-write`, in the calendars unless it says addressbooks/; repeatable. */
export function parseShare(text: string, previous: readonly ShareOption[] = []): ShareOption[] {
  const share = readShare(text);
  if (share !== undefined) return [...previous, share];
  throw new InvalidArgumentError('expected OWNER/COLLECTION:USER:read or …:read-write.');
}

/** Shares from a file with one of them in each line. @throws DavpulseError DAVPULSE_FILE_UNREADABLE */
export function readShares(file: string): ShareOption[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new DavpulseError('DAVPULSE_FILE_UNREADABLE', `${file} cannot be read`, { cause });
  }
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const share = readShare(line);
    if (share !== undefined) return [share];
    const place = `${file}:${index + 1}:1`;
    throw new DavpulseError('DAVPULSE_FILE_UNREADABLE', `${place}: expected OWNER/COLLECTION:USER:ACCESS`);
  });
}
