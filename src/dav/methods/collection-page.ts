import { escapeXml } from '../../xml/index.ts';
import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import { memberResource } from '../tree/locate.ts';
import type { Resource } from '../tree/resource.ts';

const longestListing = 1000;

/** What a person sees of a collection in a browser. */
export function collectionPage(context: DavContext, { user }: Exchange, resource: Resource): string {
  const rows = context.store.nodes
    .page(resource.content.id, '', longestListing)
    .map((node) => memberResource(context.store, user, resource, node))
    .filter(({ access }) => access !== 'none')
    .map(({ path, node }) => {
      const type = node.type.split(';')[0] ?? '';
      return `<tr><td><a href="${escapeXml(path)}">${escapeXml(node.name)}</a></td><td>${escapeXml(type)}</td></tr>`;
    })
    .join('\n');
  const title = escapeXml(resource.path);
  return `<!doctype html>\n<title>${title}</title>\n<h1>${title}</h1>\n<table>\n${rows}\n</table>\n`;
}
