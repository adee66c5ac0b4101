import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { PushUserAgent } from '../../client/index.ts';
import type { Asker } from '../bench/asker.ts';
import { header } from '../bench/replies.ts';
import { fail, Setback, skip } from '../check.ts';

/** A subscription at the push service under test. */
export interface ServiceSubscription {
  /** Where application servers post. */
  readonly push: string;
  /** Where the user agent monitors and removes it; undefined where the protocol has no such resource. */
  readonly own: string | undefined;
}

export interface Delivered {
  readonly body: Buffer;
}

/** The user agent's side of a push service. */
export interface ServiceAgent {
  subscribe(asker: Asker, vapidKey?: string): Promise<ServiceSubscription>;
  /** What is there for a subscription when `count` messages came, or as many as came within `ms`. */
  messages(subscription: ServiceSubscription, count: number, ms: number): Promise<readonly Delivered[]>;
  /** Whether messages can be stored until the user agent asks for them. */
  readonly storesUntilAsked: boolean;
  close(): void;
}

const pollMs = 20;

async function until(holds: () => boolean, ms: number): Promise<void> {
  const end = Date.now() + ms;
  while (!holds() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, pollMs));
}

/** RFC 8030: subscribe by POST, messages by HTTP/2 server push. */
export function httpAgent(subscribeUrl: string): ServiceAgent {
  const sessions = new Set<ClientHttp2Session>();
  return {
    storesUntilAsked: true,
    async subscribe(asker, vapidKey) {
      const options =
        vapidKey === undefined
          ? {}
          : {
              headers: { 'content-type': 'application/webpush-options+json' },
              body: JSON.stringify({ vapid: vapidKey }),
            };
      const reply = await asker.ask({ method: 'POST', target: subscribeUrl, anonymous: true, ...options });
      const link = header(reply, 'link') ?? '';
      const push = /<([^>]+)>\s*;[^,]*rel="?urn:ietf:params:push"?(?=[\s;,]|$)/.exec(link)?.[1];
      const own = header(reply, 'location');
      if (reply.status !== 201 || push === undefined || own === undefined) {
        throw new Setback(
          fail(`subscribing was answered with ${reply.status}, Location and Link are needed`),
        );
      }
      return { push: new URL(push, subscribeUrl).href, own: new URL(own, subscribeUrl).href };
    },
    async messages({ own }, count, ms) {
      if (own === undefined) throw new Setback(skip('there is nothing to monitor'));
      const url = new URL(own);
      const session = connect(url.origin, { rejectUnauthorized: false });
      sessions.add(session);
      session.on('error', () => session.destroy());
      const found: Delivered[] = [];
      session.on('stream', (stream) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => found.push({ body: Buffer.concat(chunks) }));
        stream.on('error', () => stream.close());
      });
      const request: IncomingHttpHeaders = { ':method': 'GET', ':path': url.pathname };
      session
        .request(request)
        .on('error', () => {})
        .resume();
      await until(() => found.length >= count || session.destroyed, ms);
      session.destroy();
      return found;
    },
    close: () => {
      for (const session of sessions) session.destroy();
    },
  };
}

/** Mozilla's protocol: everything over one WebSocket. */
export async function autopushAgent(url: string): Promise<ServiceAgent> {
  const found = new Map<string, Delivered[]>();
  const channels = new Map<string, string>();
  const agent = await PushUserAgent.connect(url, ({ channel, body }) => {
    found.set(channel, [...(found.get(channel) ?? []), { body }]);
  });
  return {
    storesUntilAsked: false,
    async subscribe(_asker, vapidKey) {
      const { channel, endpoint } = await agent.subscribe(vapidKey);
      channels.set(endpoint, channel);
      return { push: endpoint, own: undefined };
    },
    async messages({ push }, count, ms) {
      const of = (): readonly Delivered[] => found.get(channels.get(push) ?? '') ?? [];
      await until(() => of().length >= count, ms);
      return of();
    },
    close: () => agent.close(),
  };
}
