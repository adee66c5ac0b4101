import type { Answer } from '../http/answer.ts';
import { checkConditions } from '../http/conditions.ts';
import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import { Refusal } from '../http/refusal.ts';
import { encodeSegment } from '../http/request-target.ts';
import { evaluateIf, requireUnlocked } from '../locks/guard.ts';
import { isCollection } from '../store/node.ts';
import { allows, type Resource } from '../tree/resource.ts';
import { shareAccess } from '../tree/access.ts';
import { locate, requireAccess } from '../tree/locate.ts';
import { recordChange } from '../tree/record-change.ts';
import type { Handler } from './handler.ts';
import { checkScheduleTag } from './schedule-tag.ts';
import { checkObject, storeObject, type CheckedObject } from './write-object.ts';

/** Whether members may be added to a collection or taken from it. @throws Refusal 403 */
export function requireMemberAccess(parent: Resource): void {
  const access = parent.node.target === null ? parent.access : shareAccess(parent.node);
  if (!allows(access, 'write')) requireAccess({ ...parent, access }, 'write');
}

export const put: Handler = (context, exchange) => {
  const located = locate(context.store, exchange.user, exchange.segments);
  const { resource, parent, name } = located;
  if (resource !== undefined && isCollection(resource.node)) {
    requireAccess(resource, 'read');
    throw new Refusal(405, 'a collection cannot be written over');
  }
  if (parent === undefined || !isCollection(parent.content)) {
    throw new Refusal(409, 'the collection above does not exist');
  }
  requireMemberAccess(parent);
  if (exchange.headers['content-range'] !== undefined) throw new Refusal(400, 'PUT of a part is not served');
  checkConditions(exchange.headers, resource?.node, false);
  checkScheduleTag(exchange.headers, resource?.node);
  const shown = evaluateIf(context, exchange, located);
  requireUnlocked(context, exchange.user, resource ?? parent, shown);
  const target = { node: parent.content, path: parent.path, name };
  const object = checkObject(context, target, exchange.body, exchange.headers['content-type']);
  const etag = save(context, exchange, parent, name, object);
  return written(exchange, object, etag, resource === undefined ? 201 : 204, {});
};

/** Stores a checked object with its place in the change log and the push outbox. @returns its entity tag */
export function save(
  context: DavContext,
  exchange: Exchange,
  parent: Resource,
  name: string,
  object: CheckedObject,
): string {
  const { store } = context;
  const etag = store.transaction(() => {
    const revision = store.log.nextRevision();
    const tag = storeObject(context, parent.content, name, object, revision);
    recordChange(context, exchange, { node: parent.content, kind: 'content', revision });
    return tag;
  });
  context.push?.wake();
  return etag;
}

/** The answer to a write; with its new content where the client prefers that (RFC 8144 section 3.1). */
export function written(
  exchange: Exchange,
  { data, facts }: CheckedObject,
  etag: string,
  status: 201 | 204,
  headers: Readonly<Record<string, string>>,
): Answer {
  if (!exchange.preferences.representation) return { status, headers: { etag, ...headers } };
  return {
    status: status === 204 ? 200 : status,
    headers: {
      etag,
      'content-type': facts.type,
      'content-location': `/${exchange.segments.map(encodeSegment).join('/')}`,
      'preference-applied': 'return=representation',
      ...headers,
    },
    body: data,
  };
}
