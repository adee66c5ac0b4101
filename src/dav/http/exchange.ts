import type { IncomingHttpHeaders } from 'node:http';
import type { Preferences } from './preferences.ts';

/** One authenticated request, read whole. */
export interface Exchange {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Decoded path segments. */
  readonly segments: readonly string[];
  /** Whether the path ends in a slash, as those of collections do. */
  readonly isDirectory: boolean;
  readonly query: URLSearchParams;
  readonly user: string;
  /** Scheme and authority that the client used, without a slash at the end. */
  readonly origin: string;
  readonly body: Buffer;
  readonly preferences: Preferences;
  /** Raw values of the `Push-Dont-Notify` lines. */
  readonly dontNotify: readonly string[];
}
