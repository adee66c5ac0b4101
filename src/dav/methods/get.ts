import { escapeXml } from '../../xml/index.ts';
import type { Answer } from '../http/answer.ts';
import { checkConditions } from '../http/conditions.ts';
import { wantsNoZones, withoutKnownZones } from '../objects/zones-by-reference.ts';
import { isCollection } from '../store/node.ts';
import { locate, memberResource, required } from '../tree/locate.ts';
import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Resource } from '../tree/resource.ts';
import type { Handler } from './handler.ts';

export const get: Handler = (context, exchange) => {
  const resource = required(locate(context.store, exchange.user, exchange.segments), 'read');
  const { node } = resource;
  const unchanged = checkConditions(exchange.headers, node, true);
  if (isCollection(node)) return listing(context, exchange, resource);
  const headers = {
    etag: node.etag,
    'last-modified': new Date(node.modified).toUTCString(),
    ...(node.scheduleTag === null ? {} : { 'schedule-tag': node.scheduleTag }),
  };
  if (unchanged) return { status: 304, headers };
  const data = context.store.nodes.body(node.id);
  return {
    status: 200,
    headers: { ...headers, 'content-type': node.type, 'x-content-type-options': 'nosniff' },
    body: wantsNoZones(exchange.headers) && node.component !== null ? withoutZones(data) : data,
  };
};

const withoutZones = (data: Uint8Array): string => withoutKnownZones(Buffer.from(data).toString('utf8'));

const longestListing = 1000;

function listing(context: DavContext, { user }: Exchange, resource: Resource): Answer {
  const rows = context.store.nodes
    .members(resource.content.id)
    .slice(0, longestListing)
    .map((node) => memberResource(context.store, user, resource, node))
    .filter(({ access }) => access !== 'none')
    .map(({ path, node }) => `<li><a href="${escapeXml(path)}">${escapeXml(node.name)}</a></li>`)
    .join('\n');
  const title = escapeXml(resource.path);
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'" },
    body: `<!doctype html>\n<title>${title}</title>\n<h1>${title}</h1>\n<ul>\n${rows}\n</ul>\n`,
  };
}
