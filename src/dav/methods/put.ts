import type { Answer } from '../http/answer.ts';
import { checkConditions } from '../http/conditions.ts';
import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import { Refusal } from '../http/refusal.ts';
import { encodeSegment } from '../http/request-target.ts';
import { evaluateIf, requireUnlocked } from '../locks/guard.ts';
import { isCollection } from '../store/node.ts';
import { parseCalendar } from '../objects/parse-calendar.ts';
import { changeImportance, isSlow } from '../objects/change-facts.ts';
import { textOf } from '../scheduling/itip.ts';
import { checkScheduling, scheduleWrite } from '../scheduling/schedule.ts';
import { allows, type Resource } from '../tree/resource.ts';
import { shareAccess } from '../tree/access.ts';
import { locate, requireAccess, requirePrivilege, type Located } from '../tree/locate.ts';
import { recordChange } from '../tree/record-change.ts';
import { allowedMethods } from './allowed.ts';
import type { Handler } from './handler.ts';
import { checkScheduleTag } from './schedule-tag.ts';
import { checkObject, storeObject, type CheckedObject } from './write-object.ts';

/** Whether members may be added to a collection, or taken from it. @throws Refusal 403 */
export function requireMemberAccess(parent: Resource, wanted: 'bind' | 'unbind'): void {
  const access = parent.node.target === null ? parent.access : shareAccess(parent.node);
  requirePrivilege({ ...parent, access }, wanted);
}

export const put: Handler = (context, exchange) => {
  const located = locate(context.store, exchange.user, exchange.segments);
  const { resource, parent, name } = located;
  if (resource !== undefined && isCollection(resource.node)) {
    requireAccess(resource, 'read');
    throw new Refusal(405, 'a collection cannot be written over', undefined, {
      allow: allowedMethods(resource.content.kind).join(', '),
    });
  }
  if (parent === undefined || !isCollection(parent.content)) {
    throw new Refusal(409, 'the collection above does not exist');
  }
  if (resource === undefined) requireMemberAccess(parent, 'bind');
  else requirePrivilege(resource, 'write-content');
  if (exchange.headers['content-range'] !== undefined) throw new Refusal(400, 'PUT of a part is not served');
  const shown = conditions(context, exchange, located);
  if (shown instanceof Refusal) return currentState(context, exchange, resource, shown);
  requireUnlocked(context, exchange.user, resource ?? parent, shown);
  const target = { node: parent.content, path: parent.path, name };
  const object = checkObject(context, target, exchange.body, exchange.headers['content-type']);
  const saved = save(context, exchange, parent, name, object);
  return written(context, exchange, parent, { name, saved, status: resource === undefined ? 201 : 204 });
};

/** The lock tokens that a request shows, where its conditions hold; else why they do not. @throws Refusal 400 */
function conditions(
  context: DavContext,
  exchange: Exchange,
  located: Located,
): ReturnType<typeof evaluateIf> | Refusal {
  const { resource } = located;
  try {
    checkConditions(exchange.headers, resource?.node, false);
    checkScheduleTag(exchange.headers, resource?.node);
    return evaluateIf(context, exchange, located);
  } catch (error) {
    if (error instanceof Refusal && error.status === 412) return error;
    throw error;
  }
}

/** A client that prefers it gets with the 412 what is there instead (RFC 8144 section 3.2). @throws Refusal 412 */
function currentState(
  context: DavContext,
  exchange: Exchange,
  resource: Resource | undefined,
  refused: Refusal,
): Answer {
  const isWanted = exchange.preferences.representation;
  if (resource === undefined || !isWanted || !allows(resource.access, 'read')) throw refused;
  const { node, path } = resource;
  return {
    status: refused.status,
    headers: {
      etag: node.etag,
      'content-type': node.type,
      'content-location': path,
      'preference-applied': 'return=representation',
    },
    body: context.store.nodes.body(node.id),
  };
}

/** What a write left behind. */
export interface Saved {
  readonly etag: string;
  readonly scheduleTag: string | null;
  /** Whether the stored bytes are those sent: only then the client may take the entity tag as theirs. */
  readonly verbatim: boolean;
}

/** Stores a checked object with all that follows from it: scheduling, change log, push outbox. @throws Refusal 403 */
export function save(
  context: DavContext,
  exchange: Exchange,
  parent: Resource,
  name: string,
  object: CheckedObject,
): Saved {
  const { store } = context;
  const collection = parent.content;
  const after = collection.kind === 'calendar' ? object.calendar?.calendar : undefined;
  const old = after === undefined ? undefined : store.nodes.child(collection.id, name);
  const before = old && parseCalendar(store.nodes.text(old.id));
  const merged = exchange.headers['if-schedule-tag-match'] !== undefined;
  const write = after && { collection, name, uid: object.calendar?.uid ?? '', before, after, merged };
  if (write !== undefined) checkScheduling(context, write);
  const saved = store.transaction(() => {
    const { content, scheduleTag } = write
      ? scheduleWrite(context, exchange, write)
      : { content: undefined, scheduleTag: null };
    const revision = store.log.nextRevision();
    const data = content === undefined ? object.data : Buffer.from(textOf(content));
    const facts = { ...object.facts, scheduleTag };
    const etag = storeObject(context, collection, name, { data, facts }, revision);
    const importance =
      context.push && after
        ? changeImportance({ before, after, now: context.now(), slow: isSlow(store, collection) })
        : 'normal';
    recordChange(context, exchange, { node: collection, kind: 'content', revision, importance });
    return { etag, scheduleTag, verbatim: content === undefined };
  });
  context.push?.wake();
  return saved;
}

export interface Written {
  readonly name: string;
  readonly saved: Saved;
  readonly status: 201 | 204;
}

/** The answer to a write; with the new content where the client prefers that (RFC 8144 section 3.1). */
export function written(
  context: DavContext,
  exchange: Exchange,
  parent: Resource,
  { name, saved, status }: Written,
): Answer {
  const { etag, scheduleTag, verbatim } = saved;
  const tags = {
    ...(scheduleTag === null ? {} : { 'schedule-tag': scheduleTag }),
    ...(verbatim || exchange.preferences.representation ? { etag } : {}),
  };
  const isWanted = exchange.preferences.representation && allows(parent.access, 'read');
  const node = isWanted ? context.store.nodes.child(parent.content.id, name) : undefined;
  if (node === undefined) return { status, headers: tags };
  return {
    status: status === 204 ? 200 : status,
    headers: {
      ...tags,
      'content-type': node.type,
      'content-location': parent.path + encodeSegment(name),
      'preference-applied': 'return=representation',
    },
    body: context.store.nodes.body(node.id),
  };
}
