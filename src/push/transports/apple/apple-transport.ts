import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Urgency } from '../../../../sim/index.ts';
import { escapeXml, ns } from '../../../xml/index.ts';
import type { AdvertisedProperty, WatchedCollection } from '../../push-engine.ts';
import type { Delivery, PushTransport, SendOutcome, TransportHost } from '../transport.ts';
import { retryAfterMs } from '../web-push/classify-answer.ts';
import { createHttp2Client, type Http2Answer } from './http2-session.ts';
import { createProviderToken, type ProviderKey } from './provider-token.ts';

export interface AppleSettings extends ProviderKey {
  /** Origin of APNs or of the bundled gateway. */
  readonly gateway: string;
  readonly bundleId: string;
  readonly environment: 'PRODUCTION' | 'SANDBOX';
}

export interface AppleOptions extends AppleSettings {
  readonly host: TransportHost;
  /** The name that push keys carry. */
  readonly serverName: string;
  readonly now: () => number;
  readonly ca?: string | readonly string[];
}

/** Subscriptions that are not made again within this are dropped; Calendar Server's value. */
const refreshSeconds = 172_800;
/**
 * Nothing is shown to anybody, so these are background notifications, which APNs takes with 5 (with regard to power)
 * or 1 (when it suits the device) only. Calendar Server's 10 is from before there were push types.
 */
const pushType = 'background';
const priorities: Readonly<Record<Urgency, string>> = { high: '5', normal: '5', low: '1', 'very-low': '1' };
const deviceToken = /^[0-9a-f]{16,200}$/i;
const reasonOf = z.object({ reason: z.string() });

const homes = new Set(['calendar-home', 'addressbook-home']);
const contacts = new Set(['addressbook', 'addressbook-home']);

/** 404 does not occur in APNs; 410 and these two 400 say that the token is of no use any more. */
const deadTokens = new Set(['BadDeviceToken', 'Unregistered', 'DeviceTokenNotForTopic']);

function classify(answer: Http2Answer, now: number): SendOutcome {
  const { status } = answer;
  const reason = readReason(answer.body);
  if (status === 200) return { kind: 'accepted' };
  if (status === 410 || deadTokens.has(reason)) return { kind: 'gone' };
  const waitMs = retryAfterMs([answer.headers['retry-after']].flat()[0], now);
  if (status === 429) return { kind: 'busy', scope: 'subscription', retryAfterMs: waitMs };
  if (status === 503) return { kind: 'busy', scope: 'origin', retryAfterMs: waitMs };
  return status >= 500 ? { kind: 'failed', reason } : { kind: 'refused', reason: `${status} ${reason}` };
}

function readReason(body: string): string {
  try {
    return reasonOf.safeParse(JSON.parse(body)).data?.reason ?? '';
  } catch {
    return '';
  }
}

async function parametersOf(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (request.method === 'GET') return new URL(request.url ?? '', 'http://localhost').searchParams;
  if (request.method !== 'POST') return undefined;
  let body = '';
  for await (const chunk of request) {
    if (body.length > 4096) return undefined;
    body += String(chunk);
  }
  return new URLSearchParams(body);
}

/** Apple's push for CalDAV and CardDAV (caldav-pubsubdiscovery), delivered over APNs' HTTP/2 provider interface. */
export function createAppleTransport(options: AppleOptions): PushTransport {
  const { host, now, serverName, bundleId } = options;
  const path = `${host.endpointPath}apple`;
  const client = createHttp2Client(options.gateway, options.ca);
  const providerToken = createProviderToken(options, now);

  /** Calendar Server's format: protocol, server, id; cut at 255 characters. */
  const keyOf = (id: number, kind: string): string =>
    `/${contacts.has(kind) ? 'CardDAV' : 'CalDAV'}/${serverName}/${id}/`.slice(0, 255);
  const resourceOf = (key: string): number | undefined => {
    const [, id] = /^\/C(?:al|ard)DAV\/[^/]*\/(\d+)\/$/.exec(key) ?? [];
    return id === undefined ? undefined : Number(id);
  };

  const subscribe = async (
    user: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const parameters = await parametersOf(request);
    const token = parameters?.get('token') ?? '';
    const key = parameters?.get('key') ?? '';
    const resource = resourceOf(key);
    const expiresAt = now() + refreshSeconds * 1000;
    const good =
      deviceToken.test(token) &&
      resource !== undefined &&
      // One device has several keys, and each is a subscription of its own.
      host.watch(user, { address: `${token.toLowerCase()} ${key}`, details: '' }, resource, expiresAt);
    response.writeHead(good ? 200 : 400, { 'Content-Type': 'text/plain' });
    response.end(good ? '' : 'Invalid request: a hexadecimal token and a known key are required');
  };

  const pushTransports = (origin: string): string =>
    `<transport xmlns="${ns.calendarserver}" type="APSD"><subscription-url><href xmlns="${ns.dav}">${escapeXml(origin + path)}</href></subscription-url>` +
    `<apsbundleid>${escapeXml(bundleId)}</apsbundleid><env>${options.environment}</env><refresh-interval>${refreshSeconds}</refresh-interval></transport>`;

  const vendorProperties = (resource: WatchedCollection, origin: string): AdvertisedProperty[] => {
    const { kind = 'calendar', id, homeId = id } = resource;
    const own = homes.has(kind);
    if (!own && kind !== 'calendar' && kind !== 'addressbook') return [];
    const key = { ns: ns.calendarserver, name: 'pushkey', inner: escapeXml(keyOf(homeId, kind)) };
    const transports = { ns: ns.calendarserver, name: 'push-transports', inner: pushTransports(origin) };
    return own ? [key, transports] : [key];
  };

  const post = async (delivery: Delivery, signal: AbortSignal): Promise<SendOutcome> => {
    const [token = '', key = ''] = delivery.address.split(' ');
    const collapse = createHash('sha256').update(key).digest('base64url');
    const headers = {
      authorization: `bearer ${providerToken()}`,
      'apns-topic': bundleId,
      'apns-push-type': pushType,
      'apns-priority': priorities[delivery.urgency],
      'apns-expiration': String(Math.floor(now() / 1000) + delivery.ttlSeconds),
      ...(delivery.replaceable ? { 'apns-collapse-id': collapse } : {}),
    };
    const body = JSON.stringify({
      key,
      dataChangedTimestamp: Math.floor(delivery.changedAt / 1000),
      pushRequestSubmittedTimestamp: Math.floor(now() / 1000),
    });
    return classify(await client.post(`/3/device/${token}`, headers, body, signal), now());
  };

  return {
    name: 'apple',
    endpoints: [
      {
        path,
        serve: (user, request, response) =>
          void subscribe(user, request, response).catch(() => response.destroy()),
      },
    ],
    advertise: () => '',
    vendorProperties,
    subscribe: () => undefined,
    originOf: () => options.gateway,
    async send(delivery, signal) {
      try {
        return await post(delivery, signal);
      } catch (error) {
        return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
      }
    },
    close() {
      client.close();
      return Promise.resolve();
    },
  };
}
