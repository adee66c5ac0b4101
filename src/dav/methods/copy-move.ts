import { ns } from '../../xml/index.ts';
import type { Answer } from '../http/answer.ts';
import { checkConditions } from '../http/conditions.ts';
import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import { Refusal } from '../http/refusal.ts';
import { encodePath } from '../http/request-target.ts';
import { evaluateIf, requireUnlocked } from '../locks/guard.ts';
import { requireTreeUnlocked } from '../locks/tree-guard.ts';
import { parseCalendar } from '../objects/parse-calendar.ts';
import { defaultCalendar, followDefaultCalendar } from '../scheduling/default-calendar.ts';
import { textOf } from '../scheduling/itip.ts';
import { checkScheduling, scheduleRemoval, scheduleWrite } from '../scheduling/schedule.ts';
import { isCollection, type Node, type NodeKind } from '../store/node.ts';
import { changeOwner, copyTree } from '../tree/copy-tree.ts';
import { locate, required } from '../tree/locate.ts';
import { recordChange } from '../tree/record-change.ts';
import { removeTree } from '../tree/remove-tree.ts';
import type { Resource } from '../tree/resource.ts';
import { touchTree } from '../tree/touch-tree.ts';
import { readDestination, type Destination } from './destination.ts';
import { validatorsOf } from '../properties/collection-tag.ts';
import type { Handler } from './handler.ts';
import { locationCondition } from './location-condition.ts';
import { requireMemberAccess } from './put.ts';
import { checkScheduleTag } from './schedule-tag.ts';
import { checkObject, type CheckedObject, uidConflict } from './write-object.ts';

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
  if (moving && source.parent !== undefined) requireMemberAccess(source.parent, 'unbind');
  const depth = String(exchange.headers['depth'] ?? 'infinity').toLowerCase();
  if (depth !== 'infinity' && (moving ? isCollection(source.node) : depth !== '0')) {
    throw new Refusal(400, 'Depth must be infinity, or 0 for a COPY');
  }
  checkConditions(exchange.headers, validatorsOf(context.store, source), false);
  checkScheduleTag(exchange.headers, source.node);
  const destination = readDestination(context, exchange, source);
  const shown = evaluateIf(context, exchange, located);
  if (moving) requireTreeUnlocked(context, exchange.user, source, shown);
  if (destination.resource === undefined) requireUnlocked(context, exchange.user, destination.parent, shown);
  else requireTreeUnlocked(context, exchange.user, destination.resource, shown);
  const object = requireFit(context, source, destination, moving);
  context.store.transaction(() =>
    execute(context, exchange, source, destination, { moving, deep: depth === 'infinity', object }),
  );
  context.push?.wake();
  const path = encodePath(destination.segments, isCollection(source.node));
  const tag = context.store.nodes.child(destination.parent.content.id, destination.name)?.scheduleTag;
  // RFC 6638 section 3.2.10.
  const headers = typeof tag === 'string' ? { 'schedule-tag': tag } : {};
  return destination.resource === undefined
    ? { status: 201, headers: { ...headers, location: exchange.origin + path } }
    : { status: 204, headers };
}

/** Checks that the destination takes what comes (RFC 4791 section 5.3.2.1, RFC 6352 section 6.3.2.1). */
function requireFit(
  context: DavContext,
  { node, content, parent: from }: Resource,
  { parent, name, resource }: Destination,
  moving: boolean,
): CheckedObject | undefined {
  const { kind } = parent.content;
  if (isCollection(node)) {
    const wanted = homeOf[content.kind];
    if (wanted !== kind) {
      throw new Refusal(403, `a ${content.kind} cannot be put here`, locationCondition(content.kind));
    }
    return undefined;
  }
  if (resource !== undefined && isCollection(resource.node) && kind !== 'folder') {
    throw new Refusal(403, 'an object cannot take the place of a collection');
  }
  const same = moving && from?.content.id === parent.content.id;
  const target = { node: parent.content, path: parent.path, name };
  if (same) {
    if (resource !== undefined && resource.node.uid !== node.uid) throw otherUid(resource);
    return undefined;
  }
  const object = checkObject(context, target, context.store.nodes.body(node.id), node.type);
  const { calendar } = object;
  const stays = moving && from?.content.kind === 'calendar' && from.content.owner === parent.content.owner;
  if (calendar === undefined || kind !== 'calendar' || stays) return object;
  checkScheduling(context, {
    collection: parent.content,
    name,
    uid: calendar.uid,
    before: undefined,
    after: calendar.calendar,
    merged: false,
  });
  return object;
}

/** An object is not written over by one with another UID, by whatever method. */
const otherUid = ({ path, parent }: Resource): Refusal =>
  uidConflict(
    path,
    parent?.content.kind === 'addressbook' ? ns.carddav : ns.caldav,
    'the object at the destination has another UID',
  );

interface How {
  readonly moving: boolean;
  readonly deep: boolean;
  /** What an object is in the collection where it comes to; undefined where it only gets another name. */
  readonly object: CheckedObject | undefined;
}

function execute(
  context: DavContext,
  exchange: Exchange,
  source: Resource,
  destination: Destination,
  { moving, deep, object }: How,
): void {
  const { nodes, log } = context.store;
  const revision = log.nextRevision();
  const { parent, name, resource: replaced } = destination;
  const into = parent.content;
  if (replaced !== undefined) removeTree(context, replaced.node, revision);
  const leaving = moving ? leaves(context, source, into) : undefined;
  if (leaving !== undefined)
    scheduleRemoval(context, exchange, leaving.from, leaving.uid, leaving.event, false);
  if (!moving) copyTree(context, source.content, { parent: into, name, deep });
  else {
    const { node } = source;
    const wasDefault = node.kind === 'calendar' && defaultCalendar(context, node.owner)?.id === node.id;
    // Who watches a collection by itself must learn that it went from where they know it, while they still may.
    if (isCollection(node))
      recordChange(context, exchange, { node, kind: 'content', revision, removed: true });
    nodes.move(node.id, into.id, name, node.owner, revision);
    changeOwner(context, node, into.owner);
    touchTree(context, node, revision);
    const moved = nodes.byId(node.id);
    if (wasDefault && moved?.owner === node.owner) followDefaultCalendar(context, node.owner, moved);
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
  if (object !== undefined) {
    const isNew = !moving || leaving !== undefined || source.parent?.content.kind !== 'calendar';
    settle(context, exchange, { collection: into, name, object, isNew });
  }
  recordChange(context, exchange, { node: into, kind: 'content', revision: log.nextRevision() });
}

/** An event that a MOVE takes from its owner's calendars: for those who take part, it is removed there. */
function leaves({ store }: DavContext, { node, parent }: Resource, into: Node) {
  const from = parent?.content;
  if (from?.kind !== 'calendar' || node.kind !== 'object' || node.uid === null) return undefined;
  if (into.kind === 'calendar' && into.owner === from.owner) return undefined;
  const event = parseCalendar(store.nodes.text(node.id));
  return event && { from, uid: node.uid, event };
}

/**
 * Stores what a COPY or MOVE brought with the facts that its new collection keeps, and schedules it as if it had
 * been PUT there (RFC 6638 section 3.2.3).
 */
function settle(context: DavContext, exchange: Exchange, at: Arrival): void {
  const { nodes, log } = context.store;
  const { collection, name, object } = at;
  const node = nodes.child(collection.id, name);
  if (node === undefined) return;
  const after = collection.kind === 'calendar' && at.isNew ? object.calendar : undefined;
  const { content, scheduleTag } =
    after === undefined
      ? { content: undefined, scheduleTag: at.isNew ? null : node.scheduleTag }
      : scheduleWrite(context, exchange, {
          collection,
          name,
          uid: after.uid,
          before: undefined,
          after: after.calendar,
          merged: false,
        });
  const data = content === undefined ? object.data : Buffer.from(textOf(content));
  nodes.write(node.id, data, { ...object.facts, scheduleTag }, log.nextRevision(), context.now());
}

interface Arrival {
  readonly collection: Node;
  readonly name: string;
  readonly object: CheckedObject;
  /** Whether those who take part do not know it from another calendar of its owner. */
  readonly isNew: boolean;
}
