import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { mayConnect } from './address-guard.ts';

/**
 * A registration makes the server POST to an address that a user chose, and the WebDAV-Push draft says nothing of
 * the danger. The guard stands between: at registration on the URL, at each connection on the resolved address.
 */
export interface EndpointGuard {
  /** Judges a URL without resolving it, so that the answer tells nothing about the inner network. */
  mayUse(url: URL): boolean;
  /** Resolves a name for a connection and refuses inner addresses; what it returns is what is connected to. */
  readonly lookup: LookupFunction;
}

export interface GuardOptions {
  /** Allow loopback addresses and, on them, plain http: for tests and single-machine set-ups. */
  readonly allowLoopback: boolean;
  /** Only these origins, when given. */
  readonly allowedOrigins?: readonly string[];
  /** Name resolution; the system's when left out. */
  readonly resolve?: (
    hostname: string,
    callback: (error: Error | null, addresses: readonly LookupAddress[]) => void,
  ) => void;
}

const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1');
const loopbackName = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost');

export function createEndpointGuard(options: GuardOptions): EndpointGuard {
  const { allowLoopback, allowedOrigins } = options;
  const resolve: NonNullable<GuardOptions['resolve']> =
    options.resolve ?? ((hostname, callback) => systemLookup(hostname, { all: true }, callback));

  const isLoopback = (host: string): boolean =>
    loopbackName(host) || (isIP(host) !== 0 && mayConnect(host, true) && !mayConnect(host, false));

  return {
    mayUse(url) {
      const host = bare(url.hostname);
      if (url.username !== '' || url.password !== '') return false;
      if (allowedOrigins !== undefined && !allowedOrigins.includes(url.origin)) return false;
      if (isLoopback(host)) return allowLoopback && (url.protocol === 'https:' || url.protocol === 'http:');
      return url.protocol === 'https:' && (isIP(host) === 0 || mayConnect(host, false));
    },
    lookup(hostname, lookupOptions, callback) {
      resolve(hostname, (error, addresses) => {
        const allowed = addresses.filter(({ address }) => mayConnect(address, allowLoopback));
        const [first] = allowed;
        if (error !== null || first === undefined) {
          callback(error ?? new Error(`${hostname} has no address that may be used`), '', 4);
        } else if (lookupOptions.all === true) callback(null, allowed);
        else callback(null, first.address, first.family);
      });
    },
  };
}
