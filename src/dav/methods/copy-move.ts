import { ns } from '../../xml/index.ts';
import type { Answer } from '../http/answer.ts';
import { checkConditions } from '../http/conditions.ts';
import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import { Refusal } from '../http/refusal.ts';
import { encodePath } from '../http/request-target.ts';
import { evaluateIf, requireUnlocked } from '../locks/guard.ts';
import { requireTreeUnlocked } from '../locks/tree-guard.ts';
import { isCollection, type NodeKind } from '../store/node.ts';
import { changeOwner, copyTree } from '../tree/copy-tree.ts';
import { locate, required } from '../tree/locate.ts';
import { recordChange } from '../tree/record-change.ts';
import { removeTree } from '../tree/remove-tree.ts';
import type { Resource } from '../tree/resource.ts';
import { readDestination, type Destination } from './destination.ts';
import type { Handler } from './handler.ts';
import { requireMemberAccess } from './put.ts';
import { checkScheduleTag } from './schedule-tag.ts';
import { checkObject } from './write-object.ts';

const homeOf: Partial<Record<NodeKind, NodeKind>> = {
  calendar: 'calendar-home',
  addressbook: 'addressbook-home',
  folder: 'folder',
};

export const copy: Handler = (context, exchange) => transfer(context, exchange, false);
export const move: Handler = (context, exchange) => transfer(context, exchange, true);

function transfer(context: DavContext, exchange: Exchange, moving: boolean): Answer {
  const located = locate(context.store, exchange.user, exchange.segments);
  const source = required(located, 'read');
  if (
    !['object', 'calendar', 'addressbook', 'folder'].includes(source.node.kind) ||
    source.parent?.content.kind === 'file-homes'
  ) {
    throw new Refusal(403, 'this resource cannot be copied or moved');
  }
  if (moving && source.parent !== undefined) requireMemberAccess(source.parent);
  const depth = String(exchange.headers['depth'] ?? 'infinity').toLowerCase();
  if (depth !== 'infinity' && (moving ? isCollection(source.node) : depth !== '0')) {
    throw new Refusal(400, 'Depth must be infinity, or 0 for a COPY');
  }
  checkConditions(exchange.headers, source.node, false);
  checkScheduleTag(exchange.headers, source.node);
  const destination = readDestination(context, exchange, source);
  const shown = evaluateIf(context, exchange, located);
  if (moving) requireTreeUnlocked(context, exchange.user, source, shown);
  if (destination.resource === undefined) requireUnlocked(context, exchange.user, destination.parent, shown);
  else requireTreeUnlocked(context, exchange.user, destination.resource, shown);
  requireFit(context, source, destination, moving);
  context.store.transaction(() =>
    execute(context, exchange, source, destination, { moving, deep: depth === 'infinity' }),
  );
  context.push?.wake();
  const path = encodePath(destination.segments, isCollection(source.node));
  return destination.resource === undefined
    ? { status: 201, headers: { location: exchange.origin + path } }
    : { status: 204 };
}

/** Checks that the destination takes what comes (RFC 4791 section 5.3.2.1, RFC 6352 section 6.3.2.1). */
function requireFit(
  context: DavContext,
  { node, content, parent: from }: Resource,
  { parent, name, resource }: Destination,
  moving: boolean,
): void {
  const { kind } = parent.content;
  if (isCollection(node)) {
    const wanted = homeOf[content.kind];
    if (wanted !== kind) {
      throw new Refusal(403, `a ${content.kind} cannot be put here`, {
        ns: content.kind === 'calendar' ? ns.caldav : ns.dav,
        name: content.kind === 'calendar' ? 'calendar-collection-location-ok' : 'valid-resourcetype',
      });
    }
    return;
  }
  if (resource !== undefined && isCollection(resource.node) && kind !== 'folder') {
    throw new Refusal(403, 'an object cannot take the place of a collection');
  }
  const same = moving && from?.content.id === parent.content.id;
  const target = { node: parent.content, path: parent.path, name };
  if (!same) checkObject(context, target, context.store.nodes.body(node.id), node.type);
}

interface How {
  readonly moving: boolean;
  readonly deep: boolean;
}

function execute(
  context: DavContext,
  exchange: Exchange,
  source: Resource,
  destination: Destination,
  { moving, deep }: How,
): void {
  const { nodes, log } = context.store;
  const revision = log.nextRevision();
  const { parent, name, resource: replaced } = destination;
  const into = parent.content;
  if (replaced !== undefined) removeTree(context, replaced.node, revision);
  if (!moving) copyTree(context, source.content, { parent: into, name, deep });
  else {
    const { node } = source;
    nodes.move(node.id, into.id, name, node.owner, revision);
    changeOwner(context, node, into.owner);
    context.locks.removeNode(node.id);
    log.unbury(into.id, name);
    const from = source.parent?.content;
    if (from !== undefined) {
      log.bury({
        parent: from.id,
        name: node.name,
        at: context.now(),
        revision,
        collection: isCollection(node),
      });
      if (from.id !== into.id) recordChange(context, exchange, { node: from, kind: 'content', revision });
    }
  }
  recordChange(context, exchange, { node: into, kind: 'content', revision: log.nextRevision() });
}
