import { isIP } from 'node:net';
import { simulate, type RunSpec } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';
import type { LiveServer } from './live-options.ts';

/** Requests per second that a server beyond this machine gets when nothing else is said. */
export const defaultMaxPerSecond = 20;

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));

/**
 * Load on somebody's server is an attack unless they want it: anything but this machine must be claimed, and
 * gets no more than the agreed rate.
 * @throws DavpulseError DAVPULSE_OPTION_INVALID
 */
export function guardTarget(
  { url, isOwn = false, maxPerSecond = defaultMaxPerSecond }: LiveServer,
  spec: RunSpec,
): void {
  const { hostname } = new URL(url);
  if (isLoopback(hostname)) return;
  if (!isOwn) {
    throw new DavpulseError(
      'DAVPULSE_OPTION_INVALID',
      `${hostname} is not this machine: add --i-own-this-server if you may put load on it`,
    );
  }
  const { server, countedMs } = simulate(spec);
  const perSecond = (server.requests / countedMs) * 1000;
  if (perSecond <= maxPerSecond) return;
  throw new DavpulseError(
    'DAVPULSE_OPTION_INVALID',
    `${spec.label} would send ${hostname} about ${perSecond.toFixed(0)} requests/s, more than the ${maxPerSecond} ` +
      'allowed: use fewer devices or longer intervals, or raise --max-rate',
  );
}
