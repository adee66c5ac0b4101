import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import webPush from 'web-push';
import { startPushService, type PushService, type PushServiceOptions } from '../../src/push/index.ts';
import { until } from './dav-side.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Pushed extends Answer {
  readonly path: string;
}

/** An HTTP/2 peer that knows nothing of davpulse. */
class Peer {
  readonly session: ClientHttp2Session;
  readonly pushed: Pushed[] = [];

  constructor(url: string) {
    this.session = connect(url);
    this.session.on('stream', (stream, requestHeaders) => {
      let body = '';
      stream.on('data', (chunk: Buffer) => (body += chunk.toString()));
      stream.on('push', (headers: IncomingHttpHeaders) => {
        stream.on('close', () => {
          this.pushed.push({
            path: requestHeaders[':path'] ?? '',
            status: Number(headers[':status']),
            headers,
            body,
          });
        });
      });
    });
  }

  async request(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: Buffer | string,
  ): Promise<Answer> {
    const stream = this.session.request({ ':method': method, ':path': path, ...headers });
    stream.end(body);
    const answered = Promise.withResolvers<Answer>();
    stream.on('error', answered.reject);
    stream.on('response', (answer) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () =>
        answered.resolve({ status: Number(answer[':status']), headers: answer, body: text }),
      );
    });
    return answered.promise;
  }

  /** Opens a GET that stays open; pushed responses arrive in `pushed`. */
  monitor(path: string, headers: Record<string, string> = {}) {
    const stream = this.session.request({ ':path': path, ...headers });
    stream.on('error', () => {});
    return stream;
  }
}

let service: PushService;
let peer: Peer;
let clock: number;

const start = async (options: Partial<PushServiceOptions> = {}): Promise<void> => {
  await stop();
  service = await startPushService({ host: '127.0.0.1', port: 0, now: () => clock, ...options });
  peer = new Peer(service.url);
};
const stop = async (): Promise<void> => {
  peer?.session.destroy();
  await service?.close();
};

const pathOf = (url: string | undefined): string => new URL(url ?? '', service.url).pathname;
const linkOf = (answer: Answer, rel: string): string =>
  new RegExp(`<([^>]+)>; rel="${rel}"`).exec(String(answer.headers['link']))?.[1] ?? '';

async function subscribe(headers: Record<string, string> = {}, body?: string) {
  const answer = await peer.request('POST', '/subscribe', headers, body);
  expect(answer.status).toBe(201);
  return {
    subscription: pathOf(answer.headers.location),
    push: linkOf(answer, 'urn:ietf:params:push'),
    set: linkOf(answer, 'urn:ietf:params:push:set'),
  };
}

const push = (path: string, headers: Record<string, string> = {}, body: Buffer | string = 'hello') =>
  peer.request('POST', path, { ttl: '60', ...headers }, body);

beforeEach(async () => {
  clock = Date.now();
  service = await startPushService({ host: '127.0.0.1', port: 0, now: () => clock });
  peer = new Peer(service.url);
});
afterEach(stop);

describe('RFC 8030 push service', () => {
  it('6, 6.2: delivers by server push and forgets what is acknowledged', async () => {
    const { subscription, push: resource } = await subscribe();
    peer.monitor(subscription);
    const sent = await push(resource, { 'content-type': 'text/plain' });
    expect(sent.status).toBe(201);
    expect(sent.headers['ttl']).toBe('60');
    await until(() => peer.pushed.length === 1, 'the pushed message');
    expect(peer.pushed[0]).toMatchObject({ status: 200, body: 'hello', path: pathOf(sent.headers.location) });
    expect(peer.pushed[0]?.headers['link']).toBe(`<${resource}>; rel="urn:ietf:params:push"`);
    expect(peer.pushed[0]?.headers).not.toHaveProperty('urgency');
    expect((await peer.request('DELETE', pathOf(sent.headers.location))).status).toBe(204);
    expect((await peer.request('DELETE', pathOf(sent.headers.location))).status).toBe(404);
    expect(service.totals().stored).toBe(0);
  });

  it('6: answers wait=0 with what is there, and again until it is acknowledged', async () => {
    const { subscription, push: resource } = await subscribe();
    expect((await peer.request('GET', subscription, { prefer: 'wait=0' })).status).toBe(204);
    await push(resource);
    for (const times of [1, 2]) {
      expect((await peer.request('GET', subscription, { prefer: 'wait=0' })).status).toBe(204);
      await until(() => peer.pushed.length === times, 'the stored message');
    }
  });

  it('4.1, 6.1: serves a whole set over one request', async () => {
    const first = await subscribe();
    const second = await subscribe({ link: `<${first.set}>; rel="urn:ietf:params:push:set"` });
    expect(second.set).toBe(first.set);
    peer.monitor(first.set);
    await push(first.push, {}, 'one');
    await push(second.push, {}, 'two');
    await until(() => peer.pushed.length === 2, 'both messages');
    expect(peer.pushed.map(({ body }) => body).toSorted()).toEqual(['one', 'two']);
    expect((await peer.request('DELETE', first.set)).status).toBe(204);
    expect((await push(second.push)).status).toBe(404);
    const gone = { link: `<${first.set}>; rel="urn:ietf:params:push:set"` };
    expect((await peer.request('POST', '/subscribe', gone)).status).toBe(400);
  });

  it('5.2, 5.3, 5.4, 7.2, 7.3: refuses wrong headers, longer bodies than 4096 octets and unknown resources', async () => {
    const { push: resource } = await subscribe();
    expect((await peer.request('POST', resource, {}, 'x')).status).toBe(400);
    expect((await push(resource, { ttl: '-1' })).status).toBe(400);
    expect((await push(resource, { ttl: 'soon' })).status).toBe(400);
    expect((await push(resource, { topic: 'a'.repeat(33) })).status).toBe(400);
    expect((await push(resource, { topic: 'sp ace' })).status).toBe(400);
    expect((await push(resource, { urgency: 'low, high' })).status).toBe(400);
    expect((await push(resource, {}, Buffer.alloc(4096))).status).toBe(201);
    expect((await push(resource, {}, Buffer.alloc(4097))).status).toBe(413);
    expect((await push('/push/nobody')).status).toBe(404);
  });

  it('5.4: replaces a message of the same topic', async () => {
    const { subscription, push: resource } = await subscribe();
    await push(resource, { topic: 'a' }, 'old');
    await push(resource, { topic: 'a' }, 'new');
    await push(resource, { topic: 'b' }, 'other');
    await peer.request('GET', subscription, { prefer: 'wait=0' });
    await until(() => peer.pushed.length >= 2, 'messages');
    expect(peer.pushed.map(({ body }) => body).toSorted()).toEqual(['new', 'other']);
    expect(peer.pushed[0]?.headers).not.toHaveProperty('topic');
  });

  it('5.3: holds back what is less urgent than the agent wants', async () => {
    const { subscription, push: resource } = await subscribe();
    const monitor = peer.monitor(subscription, { urgency: 'high' });
    await push(resource, { urgency: 'low' }, 'low');
    await push(resource, { urgency: 'high' }, 'high');
    await until(() => peer.pushed.length === 1, 'the urgent one');
    expect(peer.pushed[0]?.body).toBe('high');
    monitor.close();
    await peer.request('GET', subscription, { prefer: 'wait=0' });
    await until(() => peer.pushed.some(({ body }) => body === 'low'), 'the other, later');
  });

  it('5.2: drops messages with TTL 0 when nobody is there, and old ones', async () => {
    const { subscription, push: resource } = await subscribe();
    expect((await push(resource, { ttl: '0' })).status).toBe(201);
    await push(resource, { ttl: '5' });
    clock += 5000;
    await peer.request('GET', subscription, { prefer: 'wait=0' });
    expect(peer.pushed).toHaveLength(0);
    peer.monitor(subscription);
    await until(() => service.totals().connected === 1, 'the agent');
    await push(resource, { ttl: '0' });
    await until(() => peer.pushed.length === 1, 'a message with TTL 0 to one who is there');
  });

  it('5.1, 6.3: tells senders what became of their messages', async () => {
    const { subscription, push: resource } = await subscribe();
    const sent = await push(resource, { prefer: 'respond-async' });
    expect(sent.status).toBe(202);
    const receipts = linkOf(sent, 'urn:ietf:params:push:receipt');
    peer.monitor(receipts);
    await peer.request('DELETE', pathOf(sent.headers.location));
    await until(() => peer.pushed.length === 1, 'the receipt');
    expect(peer.pushed[0]).toMatchObject({ status: 204, path: pathOf(sent.headers.location) });
    const link = { link: `<${receipts}>; rel="urn:ietf:params:push:receipt"` };
    const lost = await push(resource, { prefer: 'respond-async', ttl: '1', ...link });
    expect(linkOf(lost, 'urn:ietf:params:push:receipt')).toBe(receipts);
    clock += 2000;
    await until(() => peer.pushed.length === 2, 'the bad news');
    expect(peer.pushed[1]?.status).toBe(410);
    expect((await peer.request('DELETE', receipts)).status).toBe(204);
    expect((await peer.request('GET', receipts)).status).toBe(404);
    expect(subscription).not.toBe('');
  });

  it('RFC 8292 4: takes messages for a restricted subscription from its server only', async () => {
    const [own, other] = [webPush.generateVAPIDKeys(), webPush.generateVAPIDKeys()];
    const options = JSON.stringify({ vapid: own.publicKey });
    const { push: resource } = await subscribe(
      { 'content-type': 'application/webpush-options+json' },
      options,
    );
    const authorization = (keys: typeof own, audience = service.url) =>
      webPush.getVapidHeaders(
        audience,
        'mailto:a@example.com',
        keys.publicKey,
        keys.privateKey,
        'aes128gcm',
        Math.floor(clock / 1000) + 3600,
      ).Authorization;
    expect((await push(resource)).status).toBe(401);
    expect((await push(resource, { authorization: authorization(other) })).status).toBe(403);
    const elsewhere = authorization(own, 'https://elsewhere.example');
    expect((await push(resource, { authorization: elsewhere })).status).toBe(403);
    const good = authorization(own);
    expect((await push(resource, { authorization: good })).status).toBe(201);
    expect((await push(resource, { authorization: `${good.slice(0, -4)}AAAA` })).status).toBe(403);
    clock += 3_601_000;
    expect((await push(resource, { authorization: good })).status).toBe(403);
  });

  it('7.1: limits the rate and says when to come back', async () => {
    await start({ rateLimit: { burst: 2, perSecond: 0.5 } });
    const { push: resource } = await subscribe();
    expect((await push(resource)).status).toBe(201);
    expect((await push(resource)).status).toBe(201);
    const refused = await push(resource);
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('2');
    clock += 2000;
    expect((await push(resource)).status).toBe(201);
  });

  it('5.2: grants no longer TTL than it keeps messages, and says so', async () => {
    await start({ maxTtlSeconds: 100 });
    const { push: resource, subscription } = await subscribe();
    expect((await push(resource, { ttl: '99' })).headers['ttl']).toBe('99');
    expect((await push(resource, { ttl: '5000000000' })).headers['ttl']).toBe('100');
    clock += 100_000;
    await peer.request('GET', subscription, { prefer: 'wait=0' });
    expect(peer.pushed).toHaveLength(0);
  });

  it('5.3: refuses a user agent that names more than one urgency', async () => {
    const { subscription } = await subscribe();
    const urgency = (value: string) =>
      peer.request('GET', subscription, { urgency: value, prefer: 'wait=0' });
    expect((await urgency('low, high')).status).toBe(400);
    expect((await urgency('low')).status).toBe(204);
  });

  it('5.4: a replacement brings its own TTL and urgency', async () => {
    const { subscription, push: resource } = await subscribe();
    await push(resource, { topic: 'a', ttl: '5', urgency: 'high' }, 'old');
    await push(resource, { topic: 'a', ttl: '50', urgency: 'low' }, 'new');
    clock += 10_000;
    const ask = (urgency: string) => peer.request('GET', subscription, { prefer: 'wait=0', urgency });
    await ask('high');
    expect(peer.pushed).toHaveLength(0);
    await ask('low');
    await until(() => peer.pushed.length === 1, 'the replacement');
    expect(peer.pushed[0]?.body).toBe('new');
  });

  it('6.2: repeats what is not acknowledged, until it is', async () => {
    await start({ redeliverMs: 500 });
    const { subscription, push: resource } = await subscribe();
    peer.monitor(subscription);
    const sent = await push(resource);
    await until(() => peer.pushed.length === 1, 'the message');
    clock += 500;
    await until(() => peer.pushed.length === 2, 'the message again');
    expect((await peer.request('DELETE', pathOf(sent.headers.location))).status).toBe(204);
  });

  it('7.3: forgets a subscription that its user agent removes, with its messages', async () => {
    const { subscription, push: resource } = await subscribe();
    await push(resource);
    expect((await peer.request('DELETE', subscription)).status).toBe(204);
    expect(service.totals().stored).toBe(0);
    expect((await push(resource)).status).toBe(404);
    expect((await peer.request('GET', subscription)).status).toBe(404);
    expect((await peer.request('DELETE', subscription)).status).toBe(404);
  });

  it('7.3: ends subscriptions at their time', async () => {
    await start({ subscriptionMs: 10_000 });
    const { push: resource, subscription } = await subscribe();
    expect((await push(resource)).status).toBe(201);
    clock += 10_000;
    expect((await push(resource)).status).toBe(404);
    expect((await peer.request('GET', subscription)).status).toBe(404);
  });
});
