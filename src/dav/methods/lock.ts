import { child, ns, writeXml } from '../../xml/index.ts';
import { xmlDeclaration, xmlType, type Answer } from '../http/answer.ts';
import { checkConditions } from '../http/conditions.ts';
import type { DavContext } from '../context.ts';
import { readDepth } from '../http/depth.ts';
import type { Exchange } from '../http/exchange.ts';
import { expectRoot } from '../http/parse-body.ts';
import { Refusal } from '../http/refusal.ts';
import { evaluateIf, locked, requireUnlocked } from '../locks/guard.ts';
import type { Lock } from '../locks/lock-table.ts';
import { locksOver } from '../locks/locks-over.ts';
import { declarations } from '../properties/element-name.ts';
import { activeLock } from '../properties/lock-discovery.ts';
import { isCollection } from '../store/node.ts';
import { locate, memberResource, required, requirePrivilege, type Located } from '../tree/locate.ts';
import { recordChange } from '../tree/record-change.ts';
import type { Resource } from '../tree/resource.ts';
import { validatorsOf } from '../properties/collection-tag.ts';
import type { Handler } from './handler.ts';
import { requireMemberAccess } from './put.ts';
import { storeObject } from './write-object.ts';

const longestSeconds = 3600;

/** The wish for a duration that can be met; `Infinite` gets the longest (RFC 4918 section 10.7). */
function readTimeout(header: string | string[] | undefined): number {
  const asked = String(header ?? '')
    .split(',')
    .map((wish) => /^\s*Second-(\d{1,10})\s*$/i.exec(wish)?.[1])
    .find((seconds) => seconds !== undefined);
  return asked === undefined ? longestSeconds : Math.min(longestSeconds, Math.max(1, Number(asked)));
}

const discovered = (locks: readonly Lock[]): string =>
  `${xmlDeclaration}<D:prop ${declarations}><D:lockdiscovery>${locks.map(activeLock).join('')}</D:lockdiscovery></D:prop>`;

export const lock: Handler = (context, exchange) => {
  const located = locate(context.store, exchange.user, exchange.segments);
  const timeoutSeconds = readTimeout(exchange.headers['timeout']);
  if (exchange.body.length === 0) return refresh(context, exchange, located, timeoutSeconds);
  const info = expectRoot(exchange.body, ns.dav, 'lockinfo');
  const scopeElement = child(info, ns.dav, 'lockscope');
  const type = child(info, ns.dav, 'locktype');
  const shared = scopeElement && child(scopeElement, ns.dav, 'shared') !== undefined;
  const exclusive = scopeElement && child(scopeElement, ns.dav, 'exclusive') !== undefined;
  if (type === undefined || child(type, ns.dav, 'write') === undefined || shared === exclusive) {
    throw new Refusal(422, 'only write locks, exclusive or shared, are served');
  }
  const depth = readDepth(exchange.headers['depth'], 'infinity');
  if (depth === 1) throw new Refusal(400, 'a lock is Depth: 0 or infinity');
  if (located.resource !== undefined) requirePrivilege(located.resource, 'write-content');
  checkConditions(exchange.headers, located.resource && validatorsOf(context.store, located.resource), false);
  const shown = evaluateIf(context, exchange, located);
  const resource = located.resource ?? createEmpty(context, exchange, located, shown);
  const scope = shared === true ? 'shared' : 'exclusive';
  requireNoConflict(context, resource, scope, depth);
  const owner = child(info, ns.dav, 'owner');
  const { token } = context.locks.add({
    node: resource.content.id,
    scope,
    depth,
    user: exchange.user,
    owner: owner === undefined ? '' : writeXml(owner),
    root: resource.path,
    timeoutSeconds,
    at: context.now(),
  });
  return {
    status: located.resource === undefined ? 201 : 200,
    headers: { 'lock-token': `<${token}>`, 'content-type': xmlType },
    body: discovered(locksOver(context, resource)),
  };
};

/** A lock on an unmapped URL makes an empty resource (RFC 4918 section 7.3); only files can be empty. */
function createEmpty(
  context: DavContext,
  exchange: Exchange,
  { parent, name }: Located,
  shown: ReadonlySet<string>,
): Resource {
  if (parent === undefined || !isCollection(parent.content)) {
    throw new Refusal(409, 'the collection above does not exist');
  }
  requireMemberAccess(parent, 'bind');
  if (parent.content.kind !== 'folder') throw new Refusal(403, 'what is not there cannot be locked here');
  requireUnlocked(context, exchange.user, parent, shown);
  const facts = {
    type: 'application/octet-stream',
    uid: null,
    component: null,
    starts: null,
    ends: null,
    exact: false,
    scheduleTag: null,
  };
  const { store } = context;
  store.transaction(() => {
    const revision = store.log.nextRevision();
    storeObject(context, parent.content, name, { data: new Uint8Array(), facts }, revision);
    recordChange(context, exchange, { node: parent.content, kind: 'content', revision });
  });
  context.push?.wake();
  const node = store.nodes.child(parent.content.id, name);
  if (node === undefined) throw new Error('the new resource is missing');
  return memberResource(store, exchange.user, parent, node);
}

function refresh(context: DavContext, exchange: Exchange, located: Located, timeoutSeconds: number): Answer {
  const resource = required(located, 'read');
  requirePrivilege(resource, 'write-content');
  const shown = evaluateIf(context, exchange, located);
  const own = locksOver(context, resource).filter(
    ({ token, user }) => shown.has(token) && user === exchange.user,
  );
  if (own.length === 0) {
    throw new Refusal(412, 'no lock of this resource is named', {
      ns: ns.dav,
      name: 'lock-token-matches-request-uri',
    });
  }
  for (const { token } of own) context.locks.refresh(token, timeoutSeconds, context.now());
  return {
    status: 200,
    headers: { 'content-type': xmlType },
    body: discovered(locksOver(context, resource)),
  };
}

/** @throws Refusal 423 with no-conflicting-lock */
function requireNoConflict(
  context: DavContext,
  resource: Resource,
  scope: Lock['scope'],
  depth: Lock['depth'],
): void {
  const conflict = (at: Resource, locks: readonly Lock[]): void => {
    if (locks.some((other) => scope === 'exclusive' || other.scope === 'exclusive')) {
      const { message, condition } = locked(at.path);
      throw new Refusal(423, message, { ...condition, ns: ns.dav, name: 'no-conflicting-lock' });
    }
  };
  conflict(resource, locksOver(context, resource));
  if (depth === 0 || context.locks.empty) return;
  const visit = (at: Resource): void => {
    if (!isCollection(at.content)) return;
    for (const node of context.store.nodes.members(at.content.id)) {
      const member = memberResource(context.store, '', at, node);
      conflict(member, context.locks.onNode(member.content.id, context.now()));
      visit(member);
    }
  };
  visit(resource);
}

export const unlock: Handler = (context, exchange) => {
  const located = locate(context.store, exchange.user, exchange.segments);
  const resource = required(located, 'read');
  requirePrivilege(resource, 'write-content');
  const token = /^\s*<([^<>]+)>\s*$/.exec(String(exchange.headers['lock-token'] ?? ''))?.[1];
  if (token === undefined) throw new Refusal(400, 'a Lock-Token is needed');
  const held = locksOver(context, resource).find((candidate) => candidate.token === token);
  if (held === undefined) {
    throw new Refusal(409, 'this token is of no lock here', {
      ns: ns.dav,
      name: 'lock-token-matches-request-uri',
    });
  }
  if (held.user !== exchange.user && resource.access !== 'all')
    throw new Refusal(403, 'the lock is of another user');
  context.locks.remove(token);
  return { status: 204 };
};
