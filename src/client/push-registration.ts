import { escapeXml } from '../xml/index.ts';
import { expectStatus } from './expect-status.ts';
import type { PushKeys } from './push-keys.ts';
import { exchange, type Session } from './session.ts';

/** A registration as the server confirmed it. */
export interface PushRegistration {
  /** The registration URL, exactly as received: DELETE removes it, `Push-Dont-Notify` names it. Empty when the server told none. */
  readonly url: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

export interface PushSubscription {
  /** The push resource at the push service. */
  readonly endpoint: string;
  readonly keys: PushKeys;
  /** Asked of the server; it may grant less. Epoch ms. */
  readonly expiresAt: number;
}

/**
 * Registers a subscription at a collection (WebDAV-Push, section on registration); posting the same push
 * resource again renews it. @throws DavpulseError when the server refuses or fails
 */
export async function registerPush(
  session: Session,
  collection: string,
  subscription: PushSubscription,
): Promise<PushRegistration> {
  const { endpoint, keys } = subscription;
  const expires = new Date(subscription.expiresAt).toUTCString();
  const body = `<?xml version="1.0" encoding="utf-8"?><P:push-register xmlns:P="https://bitfire.at/webdav-push" xmlns:D="DAV:"><P:subscription><P:web-push-subscription><P:push-resource>${escapeXml(endpoint)}</P:push-resource><P:content-encoding>aes128gcm</P:content-encoding><P:subscription-public-key type="p256dh">${keys.publicKey}</P:subscription-public-key><P:auth-secret>${keys.authSecret}</P:auth-secret></P:web-push-subscription></P:subscription><P:trigger><P:content-update><D:depth>1</D:depth></P:content-update></P:trigger><P:expires>${expires}</P:expires></P:push-register>`;
  const request = {
    method: 'POST',
    path: collection,
    headers: { 'content-type': 'application/xml; charset=utf-8' },
    body,
  };
  const answer = expectStatus(request, await exchange(session, 'register', request), 200, 201, 204);
  const { location, expires: granted } = answer.headers;
  return {
    url: typeof location === 'string' ? location : '',
    expiresAt: typeof granted === 'string' ? Date.parse(granted) : subscription.expiresAt,
  };
}

/**
 * Removes a registration; one that is unknown already counts as removed. @throws RangeError for one without a URL,
 * which a server that names none leaves to expire
 */
export async function unregisterPush(session: Session, registration: PushRegistration): Promise<void> {
  // Resolved against the origin, an empty URL would be the server's root.
  if (registration.url === '') throw new RangeError('a registration without a URL cannot be removed');
  const { pathname } = new URL(registration.url, 'http://localhost');
  const request = { method: 'DELETE', path: pathname };
  expectStatus(request, await exchange(session, 'register', request), 200, 204, 404);
}
