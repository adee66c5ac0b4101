import { ns, parseXml } from '../../xml/index.ts';
import type { Answer } from '../http/answer.ts';
import { readByteRange } from '../http/byte-range.ts';
import { checkConditions } from '../http/conditions.ts';
import { Refusal } from '../http/refusal.ts';
import { wantsNoZones, withoutKnownZones } from '../objects/zones-by-reference.ts';
import { isCollection, type Node } from '../store/node.ts';
import { locate, required } from '../tree/locate.ts';
import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Resource } from '../tree/resource.ts';
import { collectionTag, validatorsOf } from '../properties/collection-tag.ts';
import { propertyKey } from '../properties/property.ts';
import { createView } from '../properties/view.ts';
import { cardForClient } from './card-for-client.ts';
import { addressBookBody, calendarBody } from './collection-data.ts';
import { collectionPage } from './collection-page.ts';
import type { Handler } from './handler.ts';

export const get: Handler = (context, exchange) => {
  const resource = required(locate(context.store, exchange.user, exchange.segments), 'read');
  const { node } = resource;
  if (isCollection(node)) return collection(context, exchange, resource);
  const unchanged = checkConditions(exchange.headers, node, true);
  const headers = {
    etag: node.etag,
    'last-modified': new Date(node.modified).toUTCString(),
    ...(node.scheduleTag === null ? {} : { 'schedule-tag': node.scheduleTag }),
  };
  if (unchanged) return { status: 304, headers };
  const data = context.store.nodes.body(node.id);
  const told = { ...headers, 'content-type': node.type, 'x-content-type-options': 'nosniff' };
  switch (resource.parent?.content.kind) {
    case 'folder':
      return fileForClient(exchange, node, data, told);
    case 'addressbook':
      return {
        status: 200,
        headers: { ...told, vary: 'Accept' },
        body: cardForClient(data, exchange.headers.accept),
      };
    default:
      return { status: 200, headers: told, body: calendarForClient(exchange, node, data) };
  }
};

/** A file, or the part of it that is asked for. */
function fileForClient(
  { method, headers }: Exchange,
  { etag }: Node,
  data: Uint8Array,
  told: Readonly<Record<string, string>>,
): Answer {
  const length = data.byteLength;
  const range = method === 'GET' ? readByteRange(headers, length, etag) : undefined;
  if (range === 'none')
    throw new Refusal(416, 'there is no such part', undefined, { 'content-range': `bytes */${length}` });
  const all = { ...told, 'accept-ranges': 'bytes' };
  if (range === undefined) return { status: 200, headers: all, body: data };
  const { first, last } = range;
  return {
    status: 206,
    headers: { ...all, 'content-range': `bytes ${first}-${last}/${length}` },
    body: data.subarray(first, last + 1),
  };
}

const calendarForClient = (
  { headers }: Exchange,
  { component }: Node,
  data: Uint8Array,
): Uint8Array | string => (wantsNoZones(headers) && component !== null ? withoutZones(data) : data);

const withoutZones = (data: Uint8Array): string => withoutKnownZones(Buffer.from(data).toString('utf8'));

/** A person's browser gets a page, everybody else the data. */
const isBrowser = ({ headers }: Exchange): boolean =>
  /\btext\/html\b/i.test(headers.accept ?? '') || /^Mozilla\b/i.test(headers['user-agent'] ?? '');

function collection(context: DavContext, exchange: Exchange, resource: Resource): Answer {
  const { content, node, path } = resource;
  // Links in a page, and the names of members, are below the path with its slash.
  if (!exchange.isDirectory) return { status: 301, headers: { location: path } };
  const etag = collectionTag(context.store, resource);
  if (etag === undefined) return page(context, exchange, resource, {});
  const validators = validatorsOf(context.store, resource);
  const headers = {
    vary: 'Accept, User-Agent',
    etag,
    'last-modified': new Date(validators.modified).toUTCString(),
  };
  if (checkConditions(exchange.headers, validators, true)) return { status: 304, headers };
  if (content.kind === 'calendar' && !isBrowser(exchange)) {
    const view = createView(context, exchange);
    const name = view.stored(resource).get(propertyKey(ns.dav, 'displayname'));
    const displayName = name === undefined ? node.name : parseXml(name).text;
    const type = 'text/calendar; charset=utf-8';
    return {
      status: 200,
      headers: { ...headers, 'content-type': type },
      body: calendarBody(context, content, displayName),
    };
  }
  // Few ask for an address book in this way, and most of those look at it in a browser.
  if (content.kind === 'addressbook' && /\btext\/vcard\b/i.test(exchange.headers.accept ?? '')) {
    const type = 'text/vcard; charset=utf-8';
    return {
      status: 200,
      headers: { ...headers, 'content-type': type },
      body: addressBookBody(context, content),
    };
  }
  return page(context, exchange, resource, headers);
}

const page = (
  context: DavContext,
  exchange: Exchange,
  resource: Resource,
  headers: Readonly<Record<string, string>>,
): Answer => ({
  status: 200,
  headers: {
    ...headers,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
  },
  body: collectionPage(context, exchange, resource),
});
