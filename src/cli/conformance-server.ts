import { isIP } from 'node:net';
import { DavpulseError } from '../errors/index.ts';

/** Only loopback needs no promise. @throws DavpulseError DAVPULSE_OPTION_INVALID */
export function requireOwned(url: string, isOwn: boolean): void {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  const loopback = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  if (loopback || isOwn) return;
  throw new DavpulseError(
    'DAVPULSE_OPTION_INVALID',
    `${host} is not this machine: say --i-own-this-server if you may test it`,
  );
}
