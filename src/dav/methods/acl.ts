import { ns } from '../../xml/index.ts';
import { setGrants } from '../acl/grants.ts';
import { readGrants } from '../acl/read-acl.ts';
import { checkConditions } from '../http/conditions.ts';
import { expectRoot } from '../http/parse-body.ts';
import { evaluateIf, requireUnlocked } from '../locks/guard.ts';
import { forbidden, locate, required } from '../tree/locate.ts';
import { recordChange } from '../tree/record-change.ts';
import { validatorsOf } from '../properties/collection-tag.ts';
import type { Handler } from './handler.ts';

const controlled = new Set(['calendar', 'addressbook', 'folder']);

/** Lets others do something with a collection of one's own and what is in it (RFC 3744 section 8.1). */
export const acl: Handler = (context, exchange) => {
  const located = locate(context.store, exchange.user, exchange.segments);
  const resource = required(located, 'read');
  const { node, content, path, access } = resource;
  if (access !== 'all' || node !== content || !controlled.has(node.kind)) throw forbidden(path, 'write-acl');
  const root = expectRoot(exchange.body, ns.dav, 'acl');
  checkConditions(exchange.headers, validatorsOf(context.store, resource), false);
  requireUnlocked(context, exchange.user, resource, evaluateIf(context, exchange, located));
  const grants = readGrants(context, root, node.owner);
  const { store } = context;
  store.transaction(() => {
    setGrants(store, node.id, grants);
    const revision = store.log.nextRevision();
    store.nodes.touch(node.id, revision);
    const properties = [{ ns: ns.dav, name: 'acl' }];
    recordChange(context, exchange, { node, kind: 'property', revision, properties });
  });
  context.push?.wake();
  return { status: 200 };
};
