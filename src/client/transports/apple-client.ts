import { expectStatus } from '../expect-status.ts';
import { exchange, type Session } from '../session.ts';
import { advertised, type ClientTransport } from './client-transport.ts';

/** The device's side of APNs, which belongs to its system. */
export interface AppleDevice {
  /** Hexadecimal. */
  readonly token: string;
  /** Calls back with the `key` of each notification. */
  onNotification(listener: (key: string) => void): void;
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** Apple's push: the token is handed to the subscription URL for each push key, again and again (caldav-pubsubdiscovery). */
export function createAppleClient(session: Session, device: AppleDevice, now: () => number): ClientTransport {
  const subscribe: ClientTransport['subscribe'] = async (offered) => {
    const { pushKey, subscriptionPath, refreshMs } = advertised(offered.apple, 'apple');
    const parameters = new URLSearchParams({ token: device.token, key: pushKey }).toString();
    const post = { method: 'POST', path: subscriptionPath, headers: form, body: parameters };
    const answer = await exchange(session, 'register', post);
    if (answer.status === 404 || answer.status === 405) {
      // Both methods are specified; some servers have only the query.
      const separator = subscriptionPath.includes('?') ? '&' : '?';
      const get = { method: 'GET', path: `${subscriptionPath}${separator}${parameters}` };
      expectStatus(get, await exchange(session, 'register', get), 200, 204);
    } else {
      expectStatus(post, answer, 200, 204);
    }
    return { collection: offered.collection, about: pushKey, expiresAt: now() + refreshMs, url: undefined };
  };

  return {
    name: 'apple',
    listen: (listener) =>
      device.onNotification((key) => {
        const message = {
          topic: undefined,
          contentUpdate: true,
          propertyUpdate: false,
          syncToken: undefined,
        };
        listener.onMessage({ kind: 'change', about: key, message });
      }),
    subscribe,
    renew: (_subscription, offered, wantedUntil) => subscribe(offered, wantedUntil),
    // There is no way to unsubscribe: it ends when it is not made again.
    remove: () => Promise.resolve(),
    close() {},
  };
}
