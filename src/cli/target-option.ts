import { DavpulseError } from '../errors/index.ts';
import type { LiveServer } from '../live/index.ts';
import { readAccounts } from './options.ts';

/** What commands are told of a server that is running already. */
export interface TargetOptions {
  readonly target?: string;
  readonly users?: string;
  readonly targetPid?: number;
  readonly iOwnThisServer?: true;
  readonly maxRate?: number;
}

/** The server of `--target`; undefined without it. @throws DavpulseError when its accounts are missing or unreadable */
export function targetOf({
  target,
  users,
  targetPid,
  iOwnThisServer,
  maxRate,
}: TargetOptions): LiveServer | undefined {
  if (target === undefined) return undefined;
  if (users === undefined) {
    throw new DavpulseError(
      'DAVPULSE_OPTION_INVALID',
      '--target needs --users FILE with the accounts to use',
    );
  }
  const scheme = URL.parse(target)?.protocol;
  if (scheme !== 'http:' && scheme !== 'https:') {
    throw new DavpulseError(
      'DAVPULSE_OPTION_INVALID',
      `--target expects a URL such as https://dav.example.com/; got ${target}`,
    );
  }
  return {
    url: target,
    users: readAccounts(users),
    isOwn: iOwnThisServer === true,
    ...(targetPid === undefined ? {} : { pid: targetPid }),
    ...(maxRate === undefined ? {} : { maxPerSecond: maxRate }),
  };
}
