import { escapeXml, ns } from '../../xml/index.ts';
import { expectRoot } from '../http/parse-body.ts';
import { checkConditions } from '../http/conditions.ts';
import { Refusal } from '../http/refusal.ts';
import { evaluateIf, requireUnlocked } from '../locks/guard.ts';
import { multistatus } from '../properties/multistatus.ts';
import { createView } from '../properties/view.ts';
import { isCollection } from '../store/node.ts';
import { locate, required, requirePrivilege } from '../tree/locate.ts';
import { recordChange } from '../tree/record-change.ts';
import { applyProperties, readChanges } from './apply-properties.ts';
import { validatorsOf } from '../properties/collection-tag.ts';
import type { Handler } from './handler.ts';

export const proppatch: Handler = (context, exchange) => {
  const changes = readChanges(expectRoot(exchange.body, ns.dav, 'propertyupdate'));
  if (changes.length === 0) throw new Refusal(400, 'a propertyupdate needs something to set or remove');
  const located = locate(context.store, exchange.user, exchange.segments);
  // A share's own properties (its name and colour in the sharee's home) are the sharee's, also when read-only.
  const own = located.resource?.node.target !== null && located.resource?.node.owner === exchange.user;
  const resource = required(located, 'read');
  if (!own) requirePrivilege(resource, 'write-properties');
  checkConditions(exchange.headers, validatorsOf(context.store, resource), false);
  const shown = evaluateIf(context, exchange, located);
  requireUnlocked(context, exchange.user, resource, shown);
  const view = createView(context, exchange);
  const applied = context.store.transaction(() => {
    const result = applyProperties(resource, changes, view);
    if (!result.failed) {
      const revision = context.store.log.nextRevision();
      context.store.nodes.touch(resource.node.id, revision);
      recordChange(context, exchange, {
        node: isCollection(resource.node) ? resource.node : (resource.parent?.content ?? resource.node),
        kind: 'property',
        revision,
        properties: changes.map(({ property }) => ({ ns: property.ns, name: property.name })),
      });
    }
    return result;
  });
  context.push?.wake();
  if (!applied.failed && exchange.preferences.minimal) {
    return { status: 200, headers: { 'preference-applied': 'return=minimal' } };
  }
  return multistatus(
    `<D:response><D:href>${escapeXml(resource.path)}</D:href>${applied.propstats}</D:response>`,
  );
};
