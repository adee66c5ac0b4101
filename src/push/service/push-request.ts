import type { Urgency } from '../../../sim/index.ts';
import type { Exchange } from './exchange.ts';
import type { Fate } from './faults.ts';
import { urgencies, type ServiceMessage, type ServiceSubscription } from './records.ts';
import type { ServiceParts } from './service-parts.ts';
import { newToken } from './token.ts';

/** Bodies above this are refused; smaller ones must not be (RFC 8030 section 7.2). */
export const maxBodyBytes = 4096;

// Larger values are taken as this (RFC 9111 section 1.2.2, which RFC 8030 section 5.2 builds on).
const deltaSecondsLimit = 2 ** 31;

interface PushHeaders {
  readonly ttlSeconds: number;
  readonly urgency: Urgency;
  readonly topic: string | undefined;
}

/** Reads TTL, Urgency and Topic (RFC 8030 sections 5.2 to 5.4), or says what is wrong. */
function readHeaders(headers: Exchange['headers']): PushHeaders | { readonly wrong: string } {
  const { ttl, urgency = 'normal', topic } = headers;
  if (typeof ttl !== 'string') return { wrong: 'TTL is missing' };
  if (!/^\d+$/.test(ttl)) return { wrong: 'TTL must be one whole number of seconds' };
  const known = urgencies.find((candidate) => candidate === urgency);
  if (known === undefined) return { wrong: 'Urgency must be one of very-low, low, normal, high' };
  if (topic !== undefined && (typeof topic !== 'string' || !/^[A-Za-z0-9_-]{1,32}$/.test(topic))) {
    return { wrong: 'Topic must be at most 32 characters of the base64url alphabet' };
  }
  return { ttlSeconds: Math.min(Number(ttl), deltaSecondsLimit), urgency: known, topic };
}

const single = (value: string | string[] | undefined): string | undefined => [value].flat()[0];

/** The receipt subscription that the sender names (RFC 8030 section 5.1), or a new one when it asks for receipts. */
function receiptOf({ headers }: Exchange, { receipts }: ServiceParts): string | undefined {
  const prefer = single(headers['prefer']) ?? '';
  if (!/(^|,)\s*respond-async\b/i.test(prefer)) return undefined;
  const link = /<[^>]*\/receipts\/([\w-]+)>[^,]*urn:ietf:params:push:receipt/.exec(
    single(headers['link']) ?? '',
  );
  const named = link?.[1];
  return named !== undefined && receipts.known(named) ? named : receipts.add();
}

function accept(
  exchange: Exchange,
  parts: ServiceParts,
  subscription: ServiceSubscription,
  { ttlSeconds, urgency, topic }: PushHeaders,
  body: Buffer,
  fate: Fate,
): void {
  const at = parts.now();
  const receipt = receiptOf(exchange, parts);
  const granted = Math.min(ttlSeconds, parts.maxTtlSeconds);
  const message: ServiceMessage = {
    token: newToken(),
    topic,
    urgency,
    ttlSeconds: granted,
    acceptedAt: at,
    expiresAt: at + granted * 1000,
    deliverAt: at + fate.delayMs,
    encoding: single(exchange.headers['content-encoding']),
    contentType: single(exchange.headers['content-type']),
    receipt,
    body,
  };
  if (!fate.dropped) {
    const alive = parts.hub.accept(subscription, message, { copies: fate.copies, cut: fate.cut });
    if (!alive && receipt !== undefined) {
      parts.receipts.tell({ subscription: receipt, message: message.token, status: 410 });
    }
  }
  const headers = {
    Location: `${parts.url()}/message/${message.token}`,
    TTL: String(fate.ttlEchoSeconds ?? granted),
  };
  if (receipt === undefined) exchange.answer(201, headers);
  else {
    const link = `</receipts/${receipt}>; rel="urn:ietf:params:push:receipt"`;
    exchange.answer(202, { ...headers, Link: link });
  }
}

/** Answers a POST to a push resource (RFC 8030 section 5). `fateOf` says what a fault does to it. */
export async function handlePush(
  exchange: Exchange,
  pushToken: string,
  parts: ServiceParts,
  fateOf: (subscription: ServiceSubscription, topic: string | undefined) => Fate,
): Promise<void> {
  const body = await exchange.body(maxBodyBytes);
  const subscription = parts.subscriptions.byPushToken(pushToken, parts.now());
  if (subscription === undefined) {
    exchange.answer(404, {}, 'no such subscription');
    return;
  }
  const fate = fateOf(subscription, single(exchange.headers['topic']));
  if (fate.answer === 'hang') return;
  if (fate.answerAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, fate.answerAfterMs));
  if (fate.answer !== undefined) {
    const { status, retryAfterSeconds } = fate.answer;
    const headers = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
    exchange.answer(status, headers, 'a fault on demand');
    return;
  }
  const headers = readHeaders(exchange.headers);
  const vapid = parts.checkVapid(single(exchange.headers['authorization']), subscription.vapidKey);
  const waitMs = parts.rateLimiter(subscription.id, parts.now());
  if ('wrong' in headers) exchange.answer(400, {}, headers.wrong);
  else if (vapid !== 0) exchange.answer(vapid, {}, 'not the application server of this subscription');
  else if (body === undefined) exchange.answer(413, {}, `more than ${maxBodyBytes} bytes`);
  else if (waitMs > 0) exchange.answer(429, { 'Retry-After': String(Math.ceil(waitMs / 1000)) });
  else accept(exchange, parts, subscription, headers, body, fate);
}
