import type { IncomingHttpHeaders } from 'node:http';

/** What RFC 8144 lets a client prefer. */
export interface Preferences {
  readonly minimal: boolean;
  readonly representation: boolean;
  readonly depthNoRoot: boolean;
}

const none: Preferences = { minimal: false, representation: false, depthNoRoot: false };

/** Reads `Prefer` (RFC 7240, RFC 8144) and its older form `Brief: t`. */
export function readPreferences(headers: IncomingHttpHeaders): Preferences {
  const { prefer, brief } = headers;
  if (prefer === undefined && brief === undefined) return none;
  const wishes = new Set(
    (typeof prefer === 'string' ? prefer : (prefer ?? []).join(','))
      .toLowerCase()
      .split(',')
      .map((wish) => (wish.split(';')[0] ?? '').replaceAll(/[\s"]/g, '')),
  );
  return {
    minimal: wishes.has('return=minimal') || brief === 't',
    representation: wishes.has('return=representation'),
    depthNoRoot: wishes.has('depth-noroot'),
  };
}
