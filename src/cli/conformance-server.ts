import { isIP } from 'node:net';
import { InvalidArgumentError } from 'commander';
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

/** `HOST` or `HOST:PORT`; IPv6 addresses in brackets. */
export function parseListen(text: string): { host: string; port: number } {
  const [, bracketed, plain, port = '0'] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) > 65_535) {
    throw new InvalidArgumentError('expected HOST or HOST:PORT.');
  }
  return { host, port: Number(port) };
}
