import type { LinkSpec, TransportSpec } from '../spec.ts';

/**
 * How long, in ms, an idle connection for requests can be used again. Clients are assumed to know what their network
 * forgets, or to be told by a reset, and to open a new one then.
 */
export const keptConnectionMs = ({ keepAliveMs }: TransportSpec, { natTimeoutMs }: LinkSpec): number =>
  Math.min(keepAliveMs, natTimeoutMs ?? Infinity);
