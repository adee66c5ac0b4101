import { createHash } from 'node:crypto';
import { Agent, request } from 'undici';
import webPush from 'web-push';
import { escapeXml, ns } from '../../../xml/index.ts';
import type { EndpointGuard } from '../../guard/endpoint-guard.ts';
import { keyRotationXml, pushMessageXml } from '../../webdav-push/push-message.ts';
import type { Delivery, PushTransport, SendOutcome } from '../transport.ts';
import { classifyAnswer } from './classify-answer.ts';
import { encryptMessage } from './encrypt-message.ts';
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

/** The library wants keys also where it has nothing to encrypt. */
const noKeys = { p256dh: '', auth: '' };

/** Visible to the push service (RFC 8030 section 5.4), so it differs per subscription and reveals nothing. */
const topicHeader = (address: string, topic: string): string =>
  createHash('sha256').update(`${topic}\0${address}`).digest('base64url').slice(0, 32);

/** The generic transport: Web Push (RFC 8030, 8291, 8292) as the WebDAV-Push draft uses it. */
export function createWebPushTransport(options: WebPushOptions): PushTransport {
  const { guard, identity, now } = options;
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

  const requestOf = async (delivery: Delivery) => {
    const { address, message, urgency, ttlSeconds } = delivery;
    const payload = message === 'key-rotation' ? keyRotationXml() : pushMessageXml(message);
    const body = await encryptMessage(Buffer.from(payload), parseKeys(delivery.details));
    const details = webPush.generateRequestDetails({ endpoint: address, keys: noKeys }, null, {
      TTL: ttlSeconds,
      urgency,
      headers: { Authorization: vapidHeader(new URL(address).origin) },
      ...(delivery.replaceable && message !== 'key-rotation'
        ? { topic: topicHeader(address, message.topic) }
        : {}),
    });
    const headers = {
      ...details.headers,
      'Content-Length': String(body.length),
      'Content-Encoding': 'aes128gcm',
      // The draft's type, which describes what was encrypted.
      'Content-Type': 'application/xml; charset="UTF-8"',
    };
    return { headers, body };
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
    async send(delivery, signal): Promise<SendOutcome> {
      // The rules may have become stricter since the registration.
      if (!guard.mayUse(new URL(delivery.address)))
        return { kind: 'refused', reason: 'endpoint not allowed' };
      try {
        const { headers, body } = await requestOf(delivery);
        const answer = await request(delivery.address, {
          dispatcher: agent,
          method: 'POST',
          headers,
          body,
          signal,
        });
        await answer.body.dump({ limit: 65_536, signal });
        const retryAfter = answer.headers['retry-after'];
        return classifyAnswer(answer.statusCode, [retryAfter].flat()[0], now());
      } catch (error) {
        return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
      }
    },
    close: () => agent.destroy(),
  };
}
