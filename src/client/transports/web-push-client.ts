import { DavpulseError } from '../../errors/index.ts';
import { createPushKeys, decryptPush, type PushKeys } from '../push-keys.ts';
import { registerPush, unregisterPush } from '../push-registration.ts';
import { PushUserAgent, type Notification } from '../push-user-agent.ts';
import type { Session } from '../session.ts';
import {
  advertised,
  type ClientSubscription,
  type ClientTransport,
  type TransportListener,
} from './client-transport.ts';
import { readPushEvent } from './read-push-event.ts';

interface Channel {
  readonly endpoint: string;
  readonly keys: PushKeys;
}

/** Web Push by the WebDAV-Push draft: one push resource per VAPID key, registered at every collection. */
export function createWebPushClient(
  session: Session,
  pushServiceUrl: string,
  timeoutMs = 10_000,
): ClientTransport {
  const keysByChannel = new Map<string, PushKeys>();
  const channelByKey = new Map<string, Promise<Channel>>();
  const endpointOf = new WeakMap<ClientSubscription, string>();
  let listener: TransportListener | undefined;
  let agent: Promise<PushUserAgent> | undefined;

  const receive = ({ channel, body }: Notification): void => {
    const keys = keysByChannel.get(channel);
    const text = keys && decrypted(keys, body);
    const event = text === undefined ? undefined : readPushEvent(text);
    if (event !== undefined) listener?.onMessage(event);
  };

  /** The next attempt begins anew, with another connection: the channels of this one hear nothing more. */
  const disconnect = (): void => {
    void agent?.then((opened) => opened.close()).catch(() => {});
    agent = undefined;
    channelByKey.clear();
    keysByChannel.clear();
  };

  const lost = (reason: string): void => {
    disconnect();
    listener?.onFailure(reason);
  };

  const open = async (vapidKey: string | undefined): Promise<Channel> => {
    agent ??= PushUserAgent.connect(pushServiceUrl, receive, { onAway: lost });
    // A connection that broke unnoticed answers nothing, without end.
    const { channel, endpoint } = await within(timeoutMs, (await agent).subscribe(vapidKey));
    const keys = createPushKeys();
    keysByChannel.set(channel, keys);
    return { endpoint, keys };
  };

  const channelFor = async (vapidKey: string | undefined): Promise<Channel> => {
    const place = vapidKey ?? '';
    const channel = channelByKey.get(place) ?? open(vapidKey);
    channelByKey.set(place, channel);
    try {
      return await channel;
    } catch (error) {
      lost(error instanceof Error ? error.message : String(error));
      throw error;
    }
  };

  const subscribe: ClientTransport['subscribe'] = async (offered, wantedUntil) => {
    const { vapidKey } = advertised(offered.webPush, 'web-push');
    const { endpoint, keys } = await channelFor(vapidKey);
    const registration = await registerPush(session, offered.collection, {
      endpoint,
      keys,
      expiresAt: wantedUntil,
    });
    const subscription = {
      expiresAt: registration.expiresAt,
      url: registration.url === '' ? undefined : registration.url,
      collection: offered.collection,
      about: advertised(offered.topic, 'web-push'),
    };
    endpointOf.set(subscription, endpoint);
    return subscription;
  };

  const remove = async ({ url, expiresAt }: ClientSubscription): Promise<void> => {
    if (url !== undefined) await unregisterPush(session, { url, expiresAt });
  };

  return {
    name: 'web-push',
    listen: (wanted) => void (listener = wanted),
    subscribe,
    async renew(subscription, offered, wantedUntil) {
      const renewed = await subscribe(offered, wantedUntil);
      // Another push resource is another registration, not an update of the old one (WebDAV-Push draft, registration).
      if (endpointOf.get(renewed) !== endpointOf.get(subscription)) await remove(subscription);
      return renewed;
    },
    remove,
    close: disconnect,
  };
}

function decrypted(keys: PushKeys, body: Buffer): string | undefined {
  try {
    return decryptPush(keys, body).toString('utf8');
  } catch {
    return undefined;
  }
}

async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new DavpulseError('DAVPULSE_SERVER_UNREACHABLE', 'the push service does not answer'));
  }, timeoutMs);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
