import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import { Refusal } from '../http/refusal.ts';
import { parseTarget } from '../http/request-target.ts';
import { isCollection } from '../store/node.ts';
import { locate, type Located } from '../tree/locate.ts';
import type { Resource } from '../tree/resource.ts';
import { requireMemberAccess } from './put.ts';

export interface Destination extends Located {
  readonly parent: Resource;
}

/** Reads `Destination` and finds where it leads. @throws Refusal 400, 403, 409, 412, 502 */
export function readDestination(context: DavContext, exchange: Exchange, source: Resource): Destination {
  const header = exchange.headers['destination'];
  if (header === undefined) throw new Refusal(400, 'a Destination is needed');
  const text = String(header).trim();
  const authority = /^https?:\/\/([^/?#]*)/i.exec(text)?.[1];
  const own = exchange.origin.replace(/^https?:\/\//, '');
  if (authority !== undefined && authority.toLowerCase() !== own.toLowerCase()) {
    throw new Refusal(502, 'the Destination is on another server');
  }
  const { segments } = parseTarget(text);
  const located = locate(context.store, exchange.user, segments);
  const { parent, resource } = located;
  const same = segments.join('/') === source.segments.join('/');
  if (same) throw new Refusal(403, 'source and destination are the same');
  const inside = (inner: readonly string[], outer: readonly string[]): boolean =>
    inner.length > outer.length && outer.every((segment, index) => inner[index] === segment);
  if (inside(segments, source.segments) || inside(source.segments, segments)) {
    throw new Refusal(403, 'a collection cannot go into itself or over what holds it');
  }
  if (parent === undefined || !isCollection(parent.content)) {
    throw new Refusal(409, 'the collection above the destination does not exist');
  }
  requireMemberAccess(parent, 'bind');
  if (resource !== undefined) requireMemberAccess(parent, 'unbind');
  if (resource !== undefined && exchange.headers['overwrite']?.toString().toUpperCase() === 'F') {
    throw new Refusal(412, 'there is something at the destination');
  }
  return { ...located, parent };
}
