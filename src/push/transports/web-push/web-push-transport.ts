import { hash } from 'node:crypto';
import { Agent } from 'undici';
import { escapeXml, ns } from '../../../xml/index.ts';
import type { EndpointGuard } from '../../guard/endpoint-guard.ts';
import { keyRotationXml, pushMessageXml } from '../../webdav-push/push-message.ts';
import type { Delivery, PushTransport, SendOutcome } from '../transport.ts';
import { classifyAnswer } from './classify-answer.ts';
import { createEncryptor } from './encryptor.ts';
import { post } from './post.ts';
import { parseKeys, readSubscription } from './subscription.ts';
import { createVapidHeaders, type VapidIdentity } from './vapid-header.ts';

export interface WebPushOptions {
  /** The identity at present; it changes when keys are rotated. */
  readonly identity: () => VapidIdentity;
  readonly guard: EndpointGuard;
  readonly strictEncoding: boolean;
  readonly connectTimeoutMs: number;
  readonly connectionsPerOrigin: number;
  readonly now: () => number;
  /** Certificate authorities to trust besides the system's choice. */
  readonly ca?: string | readonly string[];
}

/** Visible to the push service (RFC 8030 section 5.4), so it differs per subscription and reveals nothing. */
const topicHeader = (address: string, topic: string): string =>
  hash('sha256', `${topic}\0${address}`, 'base64url').slice(0, 32);

/** The generic transport: Web Push (RFC 8030, 8291, 8292) as the WebDAV-Push draft uses it. */
export function createWebPushTransport(options: WebPushOptions): PushTransport {
  const { guard, identity, now } = options;
  const encryptor = createEncryptor();
  const vapidHeader = createVapidHeaders(identity, now);
  const agent = new Agent({
    allowH2: false,
    connections: options.connectionsPerOrigin,
    connect: {
      lookup: guard.lookup,
      timeout: options.connectTimeoutMs,
      ...(options.ca === undefined ? {} : { ca: [options.ca].flat() }),
    },
  });

  const headersOf = (delivery: Delivery, origin: string): Record<string, string> => {
    const { address, message, urgency, ttlSeconds, replaceable } = delivery;
    return {
      TTL: String(ttlSeconds),
      Urgency: urgency,
      Authorization: vapidHeader(origin),
      'Content-Encoding': 'aes128gcm',
      // The draft's type, which describes what was encrypted.
      'Content-Type': 'application/xml; charset="UTF-8"',
      ...(replaceable && message !== 'key-rotation' ? { Topic: topicHeader(address, message.topic) } : {}),
    };
  };

  const send = async (delivery: Delivery, url: URL, signal: AbortSignal): Promise<SendOutcome> => {
    const { message, details } = delivery;
    const text = message === 'key-rotation' ? keyRotationXml() : pushMessageXml(message);
    const body = await encryptor.encrypt({ text, receiver: parseKeys(details) });
    const { status, retryAfter } = await post(agent, url, headersOf(delivery, url.origin), body, signal);
    return classifyAnswer(status, retryAfter, now());
  };

  return {
    name: 'web-push',
    endpoints: [],
    advertise: () =>
      `<web-push xmlns="${ns.push}"><vapid-public-key type="p256ecdsa">${escapeXml(identity().publicKey)}</vapid-public-key></web-push>`,
    vendorProperties: () => [],
    subscribe(element) {
      if (element.ns !== ns.push || element.name !== 'web-push-subscription') return undefined;
      return readSubscription(element, (url) => guard.mayUse(url), options.strictEncoding);
    },
    originOf: (address) => new URL(address).origin,
    async send(delivery, signal) {
      const url = new URL(delivery.address);
      // The rules may have become stricter since the registration.
      if (!guard.mayUse(url)) return { kind: 'refused', reason: 'endpoint not allowed' };
      try {
        return await send(delivery, url, signal);
      } catch (error) {
        return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
      }
    },
    async close() {
      await Promise.all([agent.destroy(), encryptor.close()]);
    },
  };
}
