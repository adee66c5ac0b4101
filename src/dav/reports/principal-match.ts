import { child, ns } from '../../xml/index.ts';
import { walk } from '../methods/propfind.ts';
import { multistatus, propertiesResponse } from '../properties/multistatus.ts';
import { readSelection, type Selection } from '../properties/selection.ts';
import type { XmlElement } from '../../xml/index.ts';
import { createView } from '../properties/view.ts';
import { principals } from './principal-search.ts';
import type { Report } from './report.ts';

/** Without `prop` only the hrefs are wanted. */
const selectionOf = (root: XmlElement): Selection =>
  child(root, ns.dav, 'prop') === undefined ? { kind: 'prop', wanted: [] } : readSelection(root);

/** principal-match (RFC 3744 section 9.3): the principals that are the user, or the members the user owns. */
export const principalMatch: Report = ({ context, exchange, root, resource }) => {
  const view = createView(context, exchange);
  const selection = selectionOf(root);
  const self = child(root, ns.dav, 'self') !== undefined;
  let responses = '';
  for (const member of walk(context, exchange.user, resource, 1)) {
    const isUser = member.node.kind === 'principal' && member.node.name === exchange.user;
    const owned = !self && member !== resource && member.node.owner === exchange.user;
    if (isUser || owned) responses += propertiesResponse(member, view, selection, exchange.preferences.minimal);
  }
  return multistatus(responses);
};

/** acl-principal-prop-set (RFC 3744 section 9.2): the principals that the access control list names. */
export const acceptedPrincipals: Report = ({ context, exchange, root, resource }) => {
  const view = createView(context, exchange);
  const selection = selectionOf(root);
  const named = new Set([resource.content.owner, exchange.user]);
  let responses = '';
  for (const principal of principals(context, exchange.user)) {
    if (named.has(principal.node.name)) responses += propertiesResponse(principal, view, selection, exchange.preferences.minimal);
  }
  return multistatus(responses);
};
