import { ns } from '../../xml/index.ts';
import { expectStatus } from '../expect-status.ts';
import { exchange, type Session } from '../session.ts';
import type { ClientSubscription } from './client-transport.ts';
import { streamNamespace } from './stream-namespace.ts';

/**
 * Registers a stream's channel at a collection, by the `push-register` of WebDAV-Push with a subscription element
 * of another namespace; again to renew. @throws DavpulseError when the server refuses or fails
 */
export async function registerStream(
  session: Session,
  collection: string,
  channel: string,
  expiresAt: number,
): Promise<Pick<ClientSubscription, 'url' | 'expiresAt'>> {
  const expires = new Date(expiresAt).toUTCString();
  const body = `<?xml version="1.0" encoding="utf-8"?><P:push-register xmlns:P="${ns.push}" xmlns:D="${ns.dav}"><P:subscription><stream-subscription xmlns="${streamNamespace}"><channel>${channel}</channel></stream-subscription></P:subscription><P:trigger><P:content-update><D:depth>1</D:depth></P:content-update></P:trigger><P:expires>${expires}</P:expires></P:push-register>`;
  const headers = { 'content-type': 'application/xml; charset=utf-8' };
  const request = { method: 'POST', path: collection, headers, body };
  const answer = expectStatus(request, await exchange(session, 'register', request), 200, 201, 204);
  const { location, expires: granted } = answer.headers;
  return {
    url: typeof location === 'string' ? location : undefined,
    expiresAt: typeof granted === 'string' ? Date.parse(granted) : expiresAt,
  };
}
