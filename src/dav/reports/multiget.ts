import { children, ns } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import { parseTarget, pathIn, pathSegments } from '../http/request-target.ts';
import { multistatusOf, propertiesResponse, statusResponse } from '../properties/multistatus.ts';
import { readSelection } from '../properties/selection.ts';
import { createView } from '../properties/view.ts';
import { locate, memberResource } from '../tree/locate.ts';
import { allows, type Resource } from '../tree/resource.ts';
import { floatingZone } from './floating-zone.ts';
import { wantsNoZones } from '../objects/zones-by-reference.ts';
import { dataProperty } from './object-data.ts';
import type { Report, ReportRequest } from './report.ts';

/** calendar-multiget (RFC 4791 section 7.9) and addressbook-multiget (RFC 6352 section 8.7). */
export const multiget: Report = (request) => {
  const { context, exchange, root, resource } = request;
  const view = createView(context, exchange);
  const floating = floatingZone(root, resource, view);
  const selection = readSelection(root, (asked) =>
    dataProperty(asked, floating, wantsNoZones(exchange.headers)),
  );
  const hrefs = children(root, ns.dav, 'href');
  if (hrefs.length === 0) throw new Refusal(400, 'a multiget needs an href');
  const responses = hrefs.values().map(({ text }) => {
    const href = text.trim();
    const found = resolve(request, href);
    return typeof found === 'number'
      ? statusResponse(href, found)
      : propertiesResponse(found, view, selection, exchange.preferences.minimal);
  });
  return multistatusOf(responses);
};

function resolve({ context, exchange, resource }: ReportRequest, href: string): Resource | 404 | 403 {
  const path = pathIn(href);
  // Almost every href is a member of the collection asked: no need to walk down from the root for each.
  if (path.startsWith(resource.path) && resource.node.kind !== 'object') {
    const rest = path.slice(resource.path.length);
    if (!rest.includes('/')) {
      const [name] = safely(() => pathSegments(rest)) ?? [];
      const node = name === undefined ? undefined : context.store.nodes.child(resource.content.id, name);
      return node === undefined ? 404 : memberResource(context.store, exchange.user, resource, node);
    }
  }
  const segments = safely(() => parseTarget(href).segments);
  const found = segments && locate(context.store, exchange.user, segments).resource;
  if (found === undefined || found.node.kind !== 'object') return 404;
  return allows(found.access, 'read') ? found : 403;
}

function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
