import { child, ns } from '../../xml/index.ts';
import { grantsOf } from '../acl/grants.ts';
import type { DavContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { pathIn } from '../http/request-target.ts';
import { walk } from '../methods/propfind.ts';
import { multistatus, propertiesResponse } from '../properties/multistatus.ts';
import { readSelection, wantedProperties, type Selection, type Wanted } from '../properties/selection.ts';
import type { XmlElement } from '../../xml/index.ts';
import { userOf } from '../scheduling/address.ts';
import type { Resource } from '../tree/resource.ts';
import { createView } from '../properties/view.ts';
import { principals } from './principal-search.ts';
import type { Report } from './report.ts';

/** Without `prop` only the hrefs are wanted. */
const selectionOf = (root: XmlElement): Selection =>
  child(root, ns.dav, 'prop') === undefined ? { kind: 'prop', wanted: [] } : readSelection(root);

/** Reads the one property that `principal-property` names. @throws Refusal 400 */
function namedProperty(root: XmlElement): Wanted | undefined {
  const asked = child(root, ns.dav, 'principal-property');
  const self = child(root, ns.dav, 'self');
  const named = asked && wantedProperties(asked);
  if ((asked === undefined) === (self === undefined) || (named !== undefined && named.length !== 1)) {
    throw new Refusal(400, 'a principal-match asks for self or for one principal-property');
  }
  return named?.[0];
}

const hrefsIn = (value: string): string[] =>
  [...value.matchAll(/<(?:[\w.-]+:)?href[^>]*>([^<]*)</g)].map(([, href = '']) => href.trim());

/**
 * principal-match (RFC 3744 section 9.3): the principals that are the user, or whatever has a property that leads
 * to the principal of the user.
 */
export const principalMatch: Report = ({ context, exchange, root, resource }) => {
  const { user } = exchange;
  const view = createView(context, exchange);
  const selection = selectionOf(root);
  const property = namedProperty(root);
  const isUser = ({ node }: Resource): boolean => node.kind === 'principal' && node.name === user;
  const leadsToUser = (member: Resource): boolean =>
    hrefsIn(property?.read(member, view) ?? '').some((href) => hrefOfUser(context, user, href));
  let responses = '';
  for (const member of walk(context, user, resource, 'infinity')) {
    if (property === undefined ? isUser(member) : leadsToUser(member))
      responses += propertiesResponse(member, view, selection, exchange.preferences.minimal);
  }
  return multistatus(responses);
};

function hrefOfUser(context: DavContext, user: string, href: string): boolean {
  const path = pathIn(href);
  return /^\/principals\//.test(path) && userOf(context, path) === user;
}

/** acl-principal-prop-set (RFC 3744 section 9.2): the principals that the access control list names. */
export const acceptedPrincipals: Report = ({ context, exchange, root, resource }) => {
  const view = createView(context, exchange);
  const selection = selectionOf(root);
  const granted = grantsOf(context.store, resource.content).map(({ to }) =>
    typeof to === 'string' ? undefined : to.user,
  );
  const named = new Set<string | undefined>([resource.content.owner, exchange.user, ...granted]);
  let responses = '';
  for (const principal of principals(context, exchange.user)) {
    if (named.has(principal.node.name))
      responses += propertiesResponse(principal, view, selection, exchange.preferences.minimal);
  }
  return multistatus(responses);
};
