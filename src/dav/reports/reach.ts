import { readDepth, type Depth } from '../http/depth.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Resource } from '../tree/resource.ts';

/**
 * How far down a query looks; without `Depth` as far as there is something. `Depth: 1` on a home would reach its
 * collections, none of which can match: clients that send it mean the objects in them, as Apple's server takes it.
 */
export function reachOf({ headers }: Exchange, { content }: Resource): Depth {
  const depth = readDepth(headers['depth'], 'infinity');
  const isHome = content.kind === 'calendar-home' || content.kind === 'addressbook-home';
  return isHome && depth === 1 ? 'infinity' : depth;
}
