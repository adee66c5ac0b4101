import { child, flatText, ns, type XmlElement } from '../../xml/index.ts';
import type { DavContext } from '../context.ts';
import { readDepth, type Depth } from '../http/depth.ts';
import { expectRoot } from '../http/parse-body.ts';
import { Refusal } from '../http/refusal.ts';
import { multistatusOf, propertiesResponse } from '../properties/multistatus.ts';
import { davHeader } from './allowed.ts';
import { listingKind } from './listing-cache.ts';
import { readSelection, type Selection } from '../properties/selection.ts';
import { createView } from '../properties/view.ts';
import { isCollection, type Node } from '../store/node.ts';
import { asTheyAre } from '../tree/as-they-are.ts';
import { locate, memberResource, required } from '../tree/locate.ts';
import type { Resource } from '../tree/resource.ts';
import type { Handler } from './handler.ts';

const unlimitedKinds = new Set(['folder', 'calendar', 'addressbook', 'object', 'inbox', 'outbox']);

export const propfind: Handler = (context, exchange) => {
  const { body, headers, preferences } = exchange;
  const selection: Selection =
    body.length === 0
      ? { kind: 'allprop', include: [] }
      : readSelection(oneOfThree(expectRoot(body, ns.dav, 'propfind')));
  const depth = readDepth(headers['depth'], 'infinity');
  const resource = required(locate(context.store, exchange.user, exchange.segments), 'read');
  if (depth === 'infinity' && !unlimitedKinds.has(resource.content.kind)) {
    throw new Refusal(403, 'Depth: infinity is not served here', {
      ns: ns.dav,
      name: 'propfind-finite-depth',
    });
  }
  const kind = depth === 1 ? listingKind(exchange, resource, selection) : undefined;
  const key = kind === undefined ? undefined : `${kind}\n${preferences.depthNoRoot}`;
  const kept = key === undefined ? undefined : context.listings.get(key, resource.content.revision);
  if (kept !== undefined) return kept;
  const view = createView(context, exchange);
  const withoutSelf = preferences.depthNoRoot && depth !== 0;
  const respond = (found: Resource): string =>
    propertiesResponse(found, view, selection, preferences.minimal);
  const fragments = kind === undefined ? undefined : context.fragments(kind);
  const members = below(context, exchange.user, resource, depth, fragments).map((member) => {
    if (typeof member === 'string') return member;
    const response = respond(member);
    fragments?.set(member.node, flatText(response));
    return response;
  });
  const applied = [
    ...(preferences.minimal ? ['return=minimal'] : []),
    ...(withoutSelf ? ['depth-noroot'] : []),
  ].join(', ');
  const answer = multistatusOf(withoutSelf ? members : preceded(respond(resource), members), {
    dav: davHeader(context),
    ...(applied === '' ? {} : { 'preference-applied': applied, vary: 'Prefer, Brief' }),
  });
  if (key !== undefined) context.listings.put(key, resource.content.revision, answer);
  return answer;
};

function* preceded<Item>(first: Item, others: Iterable<Item>): Generator<Item> {
  yield first;
  yield* others;
}

/** @throws Refusal 400 unless exactly one of prop, propname and allprop is asked for (RFC 4918 section 14.20) */
function oneOfThree(root: XmlElement): XmlElement {
  const asked = ['prop', 'propname', 'allprop'].filter((name) => child(root, ns.dav, name) !== undefined);
  if (asked.length === 1) return root;
  throw new Refusal(400, 'a propfind asks for one of prop, propname and allprop');
}

/** A resource and the members below it that `user` may see. */
export function* walk(
  context: DavContext,
  user: string,
  resource: Resource,
  depth: Depth,
): Generator<Resource> {
  yield resource;
  yield* below(context, user, resource, depth);
}

/** What `user` may see below a resource, and for members that `known` has something of, that. */
function* below<Known = never>(
  context: DavContext,
  user: string,
  resource: Resource,
  depth: Depth,
  known?: { get(node: Node): Known | undefined },
): Generator<Resource | Known> {
  if (depth === 0 || !isCollection(resource.content)) return;
  const now = asTheyAre(context.store);
  for (const listed of context.members(resource.content)) {
    const node = now(listed);
    if (node === undefined) continue;
    const found = known?.get(node);
    if (found !== undefined) {
      yield found;
      continue;
    }
    const member = memberResource(context.store, user, resource, node);
    if (member.access === 'none') continue;
    yield member;
    if (depth === 'infinity') yield* below(context, user, member, depth);
  }
}
