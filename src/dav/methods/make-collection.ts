import { child, escapeXml, ns, type XmlElement } from '../../xml/index.ts';
import { xmlDeclaration, xmlType, type Answer } from '../http/answer.ts';
import { checkConditions } from '../http/conditions.ts';
import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import { parseBody, isElement } from '../http/parse-body.ts';
import { Refusal } from '../http/refusal.ts';
import { evaluateIf, requireUnlocked } from '../locks/guard.ts';
import { declarations } from '../properties/element-name.ts';
import { multistatus } from '../properties/multistatus.ts';
import { encodePath } from '../http/request-target.ts';
import { createView } from '../properties/view.ts';
import type { NodeKind } from '../store/node.ts';
import { locate, memberResource, requireAccess, requirePrivilege } from '../tree/locate.ts';
import { recordChange } from '../tree/record-change.ts';
import type { Resource } from '../tree/resource.ts';
import { applyProperties, readChanges, type Applied } from './apply-properties.ts';
import type { Handler } from './handler.ts';
import { locationCondition } from './location-condition.ts';

type MadeKind = Extract<NodeKind, 'folder' | 'calendar' | 'addressbook'>;

/** Which home takes which kind of collection. */
const homes: Readonly<Record<MadeKind, NodeKind>> = {
  folder: 'folder',
  calendar: 'calendar-home',
  addressbook: 'addressbook-home',
};

export const mkcalendar: Handler = (context, exchange) => {
  const root = exchange.body.length === 0 ? undefined : parseBody(exchange.body);
  if (root !== undefined && !isElement(root, ns.caldav, 'mkcalendar')) {
    throw new Refusal(400, 'the body must be a mkcalendar element');
  }
  return make(context, exchange, 'calendar', root, 'mkcalendar-response');
};

/** MKCOL, plain or extended (RFC 5689). */
export const mkcol: Handler = (context, exchange) => {
  if (exchange.body.length === 0) return make(context, exchange, 'folder', undefined, 'mkcol-response');
  if (!/[/+]xml\b/i.test(exchange.headers['content-type'] ?? 'application/xml')) {
    throw new Refusal(415, 'MKCOL takes an XML body or none');
  }
  const root = parseBody(exchange.body);
  if (!isElement(root, ns.dav, 'mkcol')) throw new Refusal(415, 'the body must be a mkcol element');
  return make(context, exchange, kindOf(root), root, 'mkcol-response');
};

function kindOf(root: XmlElement): MadeKind {
  const type = readChanges(root).find(({ property }) =>
    isElement(property, ns.dav, 'resourcetype'),
  )?.property;
  if (type === undefined) return 'folder';
  if (child(type, ns.caldav, 'calendar') !== undefined) return 'calendar';
  if (child(type, ns.carddav, 'addressbook') !== undefined) return 'addressbook';
  if (type.children.every((part) => isElement(part, ns.dav, 'collection'))) return 'folder';
  throw new Refusal(403, 'collections of this type are not served', {
    ns: ns.dav,
    name: 'valid-resourcetype',
  });
}

function place(context: DavContext, exchange: Exchange, kind: MadeKind): { parent: Resource; name: string } {
  const located = locate(context.store, exchange.user, exchange.segments);
  const { resource, parent, name } = located;
  if (resource !== undefined) {
    requireAccess(resource, 'read');
    const inner = kind === 'calendar' ? { ns: ns.dav, name: 'resource-must-be-null' } : undefined;
    throw new Refusal(kind === 'calendar' ? 403 : 405, 'there is something at this URL already', inner, {
      allow: 'OPTIONS, GET, HEAD, PROPFIND, REPORT, PROPPATCH, DELETE, COPY, MOVE, LOCK, UNLOCK',
    });
  }
  if (parent === undefined) throw new Refusal(409, 'the collection above does not exist');
  requirePrivilege(parent, 'bind');
  if (parent.content.kind !== homes[kind]) {
    throw new Refusal(403, `a ${kind} cannot be made here`, locationCondition(kind));
  }
  checkConditions(exchange.headers, undefined, false);
  requireUnlocked(context, exchange.user, parent, evaluateIf(context, exchange, located));
  return { parent, name };
}

class Undo extends Error {
  readonly applied: Applied;
  constructor(applied: Applied) {
    super('a property was refused');
    this.applied = applied;
  }
}

function make(
  context: DavContext,
  exchange: Exchange,
  kind: MadeKind,
  root: XmlElement | undefined,
  responseName: string,
): Answer {
  const { parent, name } = place(context, exchange, kind);
  const { store } = context;
  const view = createView(context, exchange);
  const changes = root === undefined ? [] : readChanges(root);
  const answer = (propstats: string): string =>
    responseName === 'mkcalendar-response'
      ? `${xmlDeclaration}<C:mkcalendar-response ${declarations}>${propstats}</C:mkcalendar-response>`
      : `${xmlDeclaration}<D:mkcol-response ${declarations}>${propstats}</D:mkcol-response>`;
  try {
    const applied = store.transaction(() => {
      const revision = store.log.nextRevision();
      const { owner } = parent.content;
      const id = store.nodes.create({
        parent: parent.content.id,
        name,
        kind,
        owner,
        revision,
        at: context.now(),
      });
      store.log.unbury(parent.content.id, name);
      const node = store.nodes.byId(id);
      if (node === undefined) throw new Error('the new collection is missing');
      const result = applyProperties(memberResource(store, exchange.user, parent, node), changes, view, true);
      if (result.failed) throw new Undo(result);
      recordChange(context, exchange, { node: parent.content, kind: 'content', revision });
      return result;
    });
    context.push?.wake();
    const headers = { 'cache-control': 'no-cache', 'content-type': xmlType };
    if (exchange.preferences.minimal) {
      return {
        status: 201,
        headers: { 'cache-control': 'no-cache', 'preference-applied': 'return=minimal' },
      };
    }
    return changes.length === 0
      ? { status: 201, headers: { 'cache-control': 'no-cache' } }
      : { status: 201, headers, body: answer(applied.propstats) };
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
    // RFC 4791 section 5.3.1 answers 207, RFC 5689 section 3 the status of the failure.
    if (responseName === 'mkcalendar-response') {
      const path = escapeXml(encodePath(exchange.segments, true));
      return multistatus(`<D:response><D:href>${path}</D:href>${error.applied.propstats}</D:response>`);
    }
    return { status: 403, headers: { 'content-type': xmlType }, body: answer(error.applied.propstats) };
  }
}
