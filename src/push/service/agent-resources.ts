import type { ServerHttp2Stream } from 'node:http2';
import { z } from 'zod';
import type { Exchange } from './exchange.ts';
import type { AgentConnection } from './hub.ts';
import { urgencies, type Addressed, type ServiceSubscription } from './records.ts';
import type { ServiceParts } from './service-parts.ts';

const pushOptions = z.object({ vapid: z.string().optional() });
const rel = 'urn:ietf:params:push';

const header = (exchange: Exchange, name: string): string => [exchange.headers[name]].flat()[0] ?? '';

function readOptions(exchange: Exchange, body: Buffer): z.infer<typeof pushOptions> | undefined {
  if (!header(exchange, 'content-type').startsWith('application/webpush-options+json')) return {};
  try {
    return pushOptions.safeParse(JSON.parse(body.toString())).data;
  } catch {
    return undefined;
  }
}

/** Answers a POST to the subscribe resource (RFC 8030 section 4, RFC 8292 section 4.1). */
export async function subscribe(exchange: Exchange, parts: ServiceParts): Promise<void> {
  const body = await exchange.body(4096);
  const { subscriptions, now } = parts;
  const options = body && readOptions(exchange, body);
  const link = header(exchange, 'link');
  const named = /<[^>]*\/set\/([\w-]+)>[^,]*urn:ietf:params:push:set/.exec(link)?.[1];
  const set = named ?? subscriptions.addAgent(now());
  const wrongSet = named === undefined ? link.includes('push:set') : !subscriptions.touchAgent(named, now());
  if (options === undefined || wrongSet) {
    exchange.answer(400, {}, options === undefined ? 'invalid options' : 'no such subscription set');
    return;
  }
  const expiresAt = parts.expiryOfNew();
  const made = subscriptions.subscribe(set, crypto.randomUUID(), { vapidKey: options.vapid, expiresAt });
  exchange.answer(201, {
    Location: `${parts.url()}/subscription/${made.token}`,
    Link: `</push/${made.pushToken}>; rel="${rel}", </set/${set}>; rel="${rel}:set"`,
    ...(expiresAt === undefined ? {} : { Expires: new Date(expiresAt).toUTCString() }),
  });
}

function promise(stream: ServerHttp2Stream, { subscription, message }: Addressed, now: number): void {
  stream.pushStream({ ':path': `/message/${message.token}` }, (error, pushed) => {
    if (error !== null) return;
    pushed.on('error', () => pushed.close());
    pushed.respond({
      ':status': 200,
      date: new Date(now).toUTCString(),
      'last-modified': new Date(message.acceptedAt).toUTCString(),
      'cache-control': 'private',
      link: `</push/${subscription.pushToken}>; rel="${rel}"`,
      ...(message.encoding === undefined ? {} : { 'content-encoding': message.encoding }),
      ...(message.contentType === undefined ? {} : { 'content-type': message.contentType }),
    });
    pushed.end(message.body);
  });
}

/**
 * Answers a GET of a subscription or set (RFC 8030 section 6): it stays open and messages come by server push;
 * with `Prefer: wait=0` only those there now. That takes HTTP/2.
 */
export function monitor(
  exchange: Exchange,
  parts: ServiceParts,
  agent: string,
  only: ServiceSubscription | undefined,
): void {
  const { stream } = exchange;
  if (stream?.pushAllowed !== true) {
    exchange.answer(426, { Upgrade: 'h2c' }, 'messages come by HTTP/2 server push');
    return;
  }
  const { urgency = 'very-low' } = exchange.headers;
  const floor = urgencies.find((candidate) => candidate === urgency);
  if (floor === undefined) {
    exchange.answer(400, {}, 'Urgency must be one of very-low, low, normal, high');
    return;
  }
  const connection: AgentConnection = {
    floor,
    notify(addressed) {
      if (only === undefined || addressed.subscription.token === only.token) {
        promise(stream, addressed, parts.now());
      }
    },
    end: () => stream.close(),
  };
  parts.hub.connect(agent, connection);
  stream.on('close', () => parts.hub.disconnect(agent, connection));
  if (/(^|,)\s*wait=0\b/i.test(header(exchange, 'prefer'))) {
    parts.hub.disconnect(agent, connection);
    exchange.answer(204);
  }
}
