import { child, children, escapeXml, ns, type XmlElement } from '../../xml/index.ts';
import { xmlDeclaration, xmlType } from '../http/answer.ts';
import { Refusal } from '../http/refusal.ts';
import { declarations, element } from '../properties/element-name.ts';
import { multistatus, propertiesResponse } from '../properties/multistatus.ts';
import type { View } from '../properties/property.ts';
import { innerXml } from '../properties/stored.ts';
import { readSelection, wantedProperties } from '../properties/selection.ts';
import { createView } from '../properties/view.ts';
import { locate, memberResource } from '../tree/locate.ts';
import type { Resource } from '../tree/resource.ts';
import type { DavContext } from '../context.ts';
import type { Report } from './report.ts';

/** Every user of the server, as `user` meets them. */
export function* principals(context: DavContext, user: string): Generator<Resource> {
  const { resource } = locate(context.store, user, ['principals']);
  if (resource === undefined) return;
  for (const node of context.store.nodes.members(resource.content.id)) {
    yield memberResource(context.store, user, resource, node);
  }
}

type Test = (principal: Resource, view: View) => boolean;

function compileSearch(search: XmlElement): Test {
  const prop = child(search, ns.dav, 'prop');
  const match = child(search, ns.dav, 'match');
  if (prop === undefined || match === undefined)
    throw new Refusal(400, 'a property-search needs prop and match');
  const wanted = wantedProperties(prop);
  const text = match.text.toLowerCase();
  const type = match.attributes['match-type'] ?? 'contains';
  const matches = (value: string): boolean => {
    const found = value.toLowerCase();
    if (type === 'equals') return found === text;
    if (type === 'starts-with') return found.startsWith(text);
    return type === 'ends-with' ? found.endsWith(text) : found.includes(text);
  };
  return (principal, view) =>
    wanted.every(({ read }) => {
      const value = read(principal, view);
      return (
        value !== undefined &&
        matches(
          innerXml(value)
            .replaceAll(/<[^>]*>/g, ' ')
            .trim(),
        )
      );
    });
}

const parts = new Set(['property-search', 'prop', 'apply-to-principal-collection-set', 'limit']);

/** python-caldav names the wanted properties beside an empty `prop`, not in it. */
function withProp(root: XmlElement): XmlElement {
  const astray = root.children.filter((part) => part.ns !== ns.dav || !parts.has(part.name));
  const prop = child(root, ns.dav, 'prop');
  if (prop === undefined || prop.children.length > 0 || astray.length === 0) return root;
  return { ...root, children: [{ ...prop, children: astray }] };
}

/** principal-property-search (RFC 3744 section 9.4); `test` as calendar servers extend it. */
export const principalPropertySearch: Report = ({ context, exchange, root }) => {
  const tests = children(root, ns.dav, 'property-search').map(compileSearch);
  // Asking for nothing in particular finds everybody, as PROPFIND of the principals does.
  const any = root.attributes['test'] === 'anyof' && tests.length > 0;
  const view = createView(context, exchange);
  const selection = readSelection(withProp(root));
  let responses = '';
  for (const principal of principals(context, exchange.user)) {
    const met = (test: Test): boolean => test(principal, view);
    if (any ? tests.some(met) : tests.every(met))
      responses += propertiesResponse(principal, view, selection, exchange.preferences.minimal);
  }
  return multistatus(responses);
};

const searchable = [
  { ns: ns.dav, name: 'displayname', description: 'Display name' },
  { ns: ns.caldav, name: 'calendar-user-address-set', description: 'Calendar user address' },
  { ns: ns.calendarserver, name: 'email-address-set', description: 'E-mail address' },
];

/** principal-search-property-set (RFC 3744 section 9.5). */
export const searchPropertySet: Report = () => {
  const rows = searchable
    .map(
      (property) =>
        `<D:principal-search-property><D:prop>${element(property.ns, property.name)}</D:prop>` +
        `<D:description xml:lang="en">${escapeXml(property.description)}</D:description></D:principal-search-property>`,
    )
    .join('');
  return {
    status: 200,
    headers: { 'content-type': xmlType },
    body: `${xmlDeclaration}<D:principal-search-property-set ${declarations}>${rows}</D:principal-search-property-set>`,
  };
};
