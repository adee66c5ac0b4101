import { children, escapeXml, ns, parseXml, type XmlElement } from '../../xml/index.ts';
import { pathSegments } from '../http/request-target.ts';
import { Refusal } from '../http/refusal.ts';
import { declarations, element } from '../properties/element-name.ts';
import { multistatus, propstat } from '../properties/multistatus.ts';
import type { View } from '../properties/property.ts';
import { wantedProperties, type Wanted } from '../properties/selection.ts';
import { createView } from '../properties/view.ts';
import { locate } from '../tree/locate.ts';
import { allows, type Resource } from '../tree/resource.ts';
import type { Report } from './report.ts';

interface Expansion {
  readonly wanted: Wanted;
  readonly inner: readonly Expansion[];
}

const maxDepth = 5;

function readExpansions(parent: XmlElement, depth = 0): Expansion[] {
  if (depth > maxDepth) throw new Refusal(403, 'properties are nested too deep');
  return children(parent, ns.dav, 'property').flatMap((property) => {
    const name = property.attributes['name'];
    if (name === undefined) throw new Refusal(400, 'a property needs a name');
    const asked: XmlElement = {
      ns: property.attributes['namespace'] ?? ns.dav,
      name,
      attributes: {},
      children: [],
      text: '',
    };
    const inner = readExpansions(property, depth + 1);
    return wantedProperties({ ...asked, children: [asked] }).map((wanted) => ({ wanted, inner }));
  });
}

/** expand-property (RFC 3253 section 3.8): hrefs become the properties of what they lead to. */
export const expandProperty: Report = ({ context, exchange, root, resource }) => {
  const view = createView(context, exchange);
  return multistatus(respond(resource, readExpansions(root), view));
};

function respond(resource: Resource, expansions: readonly Expansion[], view: View): string {
  let found = '';
  let missing = '';
  for (const { wanted, inner } of expansions) {
    const value = wanted.read(resource, view);
    if (value === undefined) missing += element(wanted.ns, wanted.name);
    else
      found += inner.length === 0 ? value : element(wanted.ns, wanted.name, expandHrefs(value, inner, view));
  }
  const parts =
    (found !== '' || missing === '' ? propstat(found, 200) : '') +
    (missing === '' ? '' : propstat(missing, 404));
  return `<D:response><D:href>${escapeXml(resource.path)}</D:href>${parts}</D:response>`;
}

function expandHrefs(value: string, inner: readonly Expansion[], view: View): string {
  const { children: parts } = parseXml(`<x ${declarations}>${value}</x>`);
  const hrefs = parts.flatMap((property) => children(property, ns.dav, 'href'));
  return hrefs
    .map(({ text }) => {
      const target = text.startsWith('/')
        ? locate(view.context.store, view.user, pathSegments(text)).resource
        : undefined;
      if (target === undefined || !allows(target.access, 'read'))
        return `<D:href>${escapeXml(text)}</D:href>`;
      return respond(target, inner, view);
    })
    .join('');
}
