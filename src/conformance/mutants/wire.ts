import { createECDH } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';
import { encrypt } from 'http_ece';
import { Agent, request, type Dispatcher } from 'undici';
import { createPushKeys, decryptPush, type PushKeys } from '../../client/index.ts';
import type { PushEngine } from '../../push/index.ts';
import { signToken, type SigningKey, type VapidClaims } from './sign-token.ts';
import { redirected, subscriptionIn, type Subscription } from './redirect-subscription.ts';

/** A message between the server and the push service; what is changed here is what the push service gets. */
export interface WireMessage {
  method: Dispatcher.HttpMethod;
  headers: Record<string, string>;
  /** The decrypted document. */
  text: string;
  /** Claims of the token; undefined sends none. */
  claims: VapidClaims | undefined;
  /** What signs the token, and what it says signs it. */
  signer: SigningKey;
  readonly vapid: SigningKey;
  key: string;
  /** The sender's key pair of the encryption and its salt; fresh ones when undefined. */
  senderKey: Buffer | undefined;
  salt: string | undefined;
  /** Sent in place of the encrypted document. */
  body: Buffer | undefined;
  /** Not sent at all, though the server is told that it was. */
  dropped: boolean;
  /** What the subscription watches. */
  readonly collection: number;
}

export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
}

/** What stands between the server and the push services. */
export interface WireDefect {
  message?(message: WireMessage): void;
  /** What the server is told; `undefined` stands for a connection that broke. */
  answer?(answer: WireAnswer | undefined, collection: number): WireAnswer | undefined;
  followsRedirects?: true;
  /** Sends one message of a collection after the other. */
  inTurn?: true;
}

interface Relay {
  readonly subscription: Subscription;
  readonly keys: PushKeys;
  readonly collection: number;
  readonly path: string;
}

export interface Wire {
  /** Where the server keeps its VAPID key. */
  learnKeys(db: DatabaseSync): void;
  /** The engine, with every subscription led through here. */
  through(engine: PushEngine): PushEngine;
  /** How many messages about the collection at this path were handed over, if none is under way. */
  handedOver(path: string): number | 'busy' | 'unwatched';
  close(): Promise<void>;
}

const plainHeaders = ['ttl', 'topic', 'urgency', 'content-type', 'content-encoding'];

/** Starts a relay on a free port of 127.0.0.1. */
export async function startWire(defect: WireDefect): Promise<Wire> {
  const agent = new Agent({ connections: 32 });
  const relays = new Map<string, Relay>();
  const turns = new Map<number, Promise<unknown>>();
  const underWay = new Set<Relay>();
  const handedOver = new Map<string, number>();
  let database: DatabaseSync | undefined;

  const vapidKey = (): SigningKey => {
    const row = database
      ?.prepare('SELECT vapid_public, vapid_private FROM push_identity ORDER BY id DESC LIMIT 1')
      .get();
    return { publicKey: String(row?.['vapid_public']), privateKey: String(row?.['vapid_private']) };
  };

  const forward = async (url: string, message: WireMessage, relay: Relay): Promise<WireAnswer> => {
    const headers = { ...message.headers };
    if (message.claims !== undefined) {
      headers['authorization'] = `vapid t=${signToken(message.claims, message.signer)}, k=${message.key}`;
    }
    const body = message.body ?? encrypted(message, relay);
    const reply = await request(url, { dispatcher: agent, method: message.method, headers, body });
    await reply.body.dump();
    const { location } = reply.headers;
    if (defect.followsRedirects === true && reply.statusCode === 307 && typeof location === 'string') {
      return await forward(location, message, relay);
    }
    const answered: Record<string, string> = {};
    const retryAfter = reply.headers['retry-after'];
    if (typeof retryAfter === 'string') answered['retry-after'] = retryAfter;
    return { status: reply.statusCode, headers: answered };
  };

  const deliver = async (relay: Relay, incoming: IncomingMessage): Promise<WireAnswer | undefined> => {
    const message = await read(incoming, relay, vapidKey());
    defect.message?.(message);
    if (message.dropped) return { status: 201, headers: {} };
    const send = (): Promise<WireAnswer> => forward(relay.subscription.url, message, relay);
    const before = defect.inTurn === true ? turns.get(relay.collection) : undefined;
    const sent = (before ?? Promise.resolve()).then(send);
    turns.set(
      relay.collection,
      sent.catch(() => {}),
    );
    underWay.add(relay);
    const [outcome] = await Promise.allSettled([sent]);
    underWay.delete(relay);
    handedOver.set(relay.path, (handedOver.get(relay.path) ?? 0) + 1);
    const answer = outcome.status === 'fulfilled' ? outcome.value : undefined;
    return defect.answer === undefined ? answer : defect.answer(answer, relay.collection);
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const relay = relays.get((incoming.url ?? '').slice(1));
    const answer = relay === undefined ? { status: 404, headers: {} } : await deliver(relay, incoming);
    if (answer === undefined) incoming.socket.destroy();
    else response.writeHead(answer.status, answer.headers).end();
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;

  return {
    learnKeys: (db) => {
      database = db;
    },
    handedOver(path) {
      if ([...underWay].some((relay) => relay.path === path)) return 'busy';
      const watched = relays.values().some((relay) => relay.path === path);
      return watched ? (handedOver.get(path) ?? 0) : 'unwatched';
    },
    through: (engine) => ({
      ...engine,
      register(user, collection, element, clientOrigin) {
        const subscription = subscriptionIn(element);
        if (subscription === undefined) return engine.register(user, collection, element, clientOrigin);
        const id = Buffer.from(subscription.url).toString('base64url');
        const keys = relays.get(id)?.keys ?? createPushKeys();
        relays.set(id, { subscription, keys, collection: collection.id, path: collection.path });
        return engine.register(user, collection, redirected(element, `${origin}/${id}`, keys), clientOrigin);
      },
    }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await agent.destroy();
    },
  };
}

async function read(incoming: IncomingMessage, relay: Relay, vapid: SigningKey): Promise<WireMessage> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  const headers: Record<string, string> = {};
  for (const name of plainHeaders) {
    const value = incoming.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  return {
    method: 'POST',
    headers,
    text: decryptPush(relay.keys, Buffer.concat(chunks)).toString('utf8'),
    claims: {
      aud: new URL(relay.subscription.url).origin,
      exp: Math.floor(Date.now() / 1000) + 3600,
      sub: 'https://davpulse.invalid/',
    },
    signer: vapid,
    vapid,
    key: vapid.publicKey,
    senderKey: undefined,
    salt: undefined,
    body: undefined,
    dropped: false,
    collection: relay.collection,
  };
}

function encrypted({ text, senderKey, salt }: WireMessage, { subscription }: Relay): Buffer {
  const sender = createECDH('prime256v1');
  if (senderKey === undefined) sender.generateKeys();
  else sender.setPrivateKey(senderKey);
  return encrypt(Buffer.from(text), {
    version: 'aes128gcm',
    privateKey: sender,
    dh: subscription.publicKey,
    authSecret: subscription.authSecret,
    ...(salt === undefined ? {} : { salt }),
  });
}
