import { ns } from '../../xml/index.ts';
import type { DavContext } from '../context.ts';
import { noContent } from '../http/answer.ts';
import { checkConditions } from '../http/conditions.ts';
import type { Exchange } from '../http/exchange.ts';
import { Refusal } from '../http/refusal.ts';
import { evaluateIf } from '../locks/guard.ts';
import { requireTreeUnlocked } from '../locks/tree-guard.ts';
import { isCollection, type Node } from '../store/node.ts';
import { locate, required } from '../tree/locate.ts';
import { provisionAddressBook } from '../tree/provision.ts';
import { changeImportance, isSlow } from '../objects/change-facts.ts';
import { parseCalendar } from '../objects/parse-calendar.ts';
import { defaultCalendar } from '../scheduling/default-calendar.ts';
import { scheduleRemoval } from '../scheduling/schedule.ts';
import { recordChange } from '../tree/record-change.ts';
import { removeTree } from '../tree/remove-tree.ts';
import { validatorsOf } from '../properties/collection-tag.ts';
import type { Handler } from './handler.ts';
import { requireMemberAccess } from './put.ts';
import { checkScheduleTag } from './schedule-tag.ts';

const removable = new Set(['object', 'calendar', 'addressbook', 'folder']);

export const remove: Handler = (context, exchange) => {
  const located = locate(context.store, exchange.user, exchange.segments);
  const resource = required(located, 'read');
  const { parent } = resource;
  const { node } = resource;
  const isShare = node.target !== null && node.owner === exchange.user;
  if (node.kind === 'object' && parent !== undefined) requireMemberAccess(parent, 'unbind');
  else required(located, isShare ? 'read' : 'all');
  if (parent === undefined || !removable.has(node.kind) || parent.content.kind === 'file-homes') {
    throw new Refusal(403, 'this resource cannot be removed');
  }
  const depth = exchange.headers['depth'];
  if (depth !== undefined && depth !== 'infinity' && isCollection(node)) {
    throw new Refusal(400, 'DELETE of a collection is always Depth: infinity');
  }
  checkConditions(exchange.headers, validatorsOf(context.store, resource), false);
  checkScheduleTag(exchange.headers, node);
  requireTreeUnlocked(context, exchange.user, resource, evaluateIf(context, exchange, located));
  if (node.kind === 'calendar' && !isShare && defaultCalendar(context, node.owner)?.id === node.id) {
    throw new Refusal(403, 'invitations go to this calendar; choose another for them first', {
      ns: ns.caldav,
      name: 'default-calendar-needed',
    });
  }
  const { store } = context;
  const inCalendar = parent.content.kind === 'calendar' && node.kind === 'object';
  const event = inCalendar ? parseCalendar(store.nodes.text(node.id)) : undefined;
  const silent = exchange.headers['schedule-reply']?.toString().trim().toUpperCase() === 'F';
  const importance =
    context.push && event
      ? changeImportance({
          before: event,
          after: undefined,
          now: context.now(),
          slow: isSlow(store, parent.content),
        })
      : 'normal';
  store.transaction(() => {
    const revision = store.log.nextRevision();
    const collection = isCollection(node);
    const gone = collection && !isShare;
    // Who watches a removed collection itself must learn that it went, before its row goes.
    if (gone) recordChange(context, exchange, { node, kind: 'content', revision, removed: true });
    if (event !== undefined && node.uid !== null) {
      scheduleRemoval(context, exchange, parent.content, node.uid, event, silent);
    }
    if (gone && node.kind === 'calendar') scheduleRemovals(context, exchange, node, silent);
    removeTree(context, node, revision);
    store.log.bury({ parent: parent.content.id, name: node.name, at: context.now(), revision, collection });
    if (gone && node.kind === 'addressbook') {
      provisionAddressBook(store, parent.content, revision, context.now());
    }
    if (!gone)
      recordChange(context, exchange, { node: parent.content, kind: 'content', revision, importance });
  });
  context.push?.wake();
  return noContent;
};

/** A calendar that goes takes its meetings with it (RFC 6638 section 3.2.1). */
function scheduleRemovals(context: DavContext, exchange: Exchange, calendar: Node, silent: boolean): void {
  const { nodes } = context.store;
  for (const { id, uid, scheduleTag } of nodes.members(calendar.id)) {
    if (scheduleTag === null || uid === null) continue;
    const event = parseCalendar(nodes.text(id));
    if (event !== undefined) scheduleRemoval(context, exchange, calendar, uid, event, silent);
  }
}
