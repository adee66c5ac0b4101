import { once } from 'node:events';
import { connect } from 'node:http2';
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { startApnsGateway, startPushService, streamNamespace } from '../../src/push/index.ts';
import { createProviderToken } from '../../src/push/transports/apple/provider-token.ts';
import { parseXml } from '../../src/xml/index.ts';
import { contentTrigger, DavSide, until } from './dav-side.ts';
import { UserAgent } from './user-agent.ts';

/** What a client of any transport can do, whatever is beneath. */
interface Client {
  /** Subscribes to collection 1 by the transport's own means. */
  subscribe(): Promise<number>;
  /** Notifications so far, each naming what it is about. */
  received(): readonly string[];
  /** What a notification about collection 1 names. */
  readonly about: () => string;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** The subscription ends on the client's side, so that the server finds it gone; false when it cannot. */
  end(): Promise<boolean>;
}

const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

const p256 = () =>
  generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

const topicOf = (dav: DavSide) => dav.engine.properties({ id: 1, path: '/' }).get('topic') ?? '';

/** The part of a DAV server that serves the engine's own endpoints, to one user. */
async function serveEndpoints(dav: DavSide): Promise<string> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '').split('?')[0];
    const endpoint = dav.engine.endpoints.find((candidate) => candidate.path === path);
    if (endpoint === undefined) response.writeHead(404).end();
    else endpoint.serve('ann', request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

async function webPush(): Promise<[DavSide, Client]> {
  const service = await startPushService({ host: '127.0.0.1', port: 0 });
  cleanup.push(() => service.close());
  const dav = new DavSide();
  cleanup.push(() => dav.close());
  let agent = await UserAgent.connect(service.wsUrl);
  cleanup.push(() => agent.close());
  const seen: string[] = [];
  const texts = () => [...seen, ...agent.received.map(({ text }) => text)];
  return [
    dav,
    {
      subscribe: async () => dav.subscribe('ann', await agent.subscribe()).status,
      received: () => texts().map((text) => parseXml(text).children[0]?.text ?? ''),
      about: () => topicOf(dav),
      async goAway() {
        await agent.close();
        await until(() => service.totals().connected === 0, 'the agent gone');
      },
      async comeBack() {
        seen.push(...agent.received.map(({ text }) => text));
        agent = await UserAgent.connect(service.wsUrl, agent.uaid, agent.subscriptions);
      },
      async end() {
        for (const { channel } of agent.subscriptions) {
          await agent.request({ messageType: 'unregister', channelID: channel });
        }
        return true;
      },
    },
  ];
}

async function apple(): Promise<[DavSide, Client]> {
  const { publicKey, privateKey } = p256();
  const identity = { bundleId: 'com.example.calendar', teamId: 'TEAM', keyId: 'KEY' };
  const gateway = await startApnsGateway({ host: '127.0.0.1', port: 0, publicKey, ...identity });
  cleanup.push(() => gateway.close());
  const dav = new DavSide({
    apple: { ...identity, privateKey, gateway: gateway.url, environment: 'SANDBOX' },
  });
  cleanup.push(() => dav.close());
  const url = await serveEndpoints(dav);
  const token = 'a1'.repeat(32);
  const pushKey = () =>
    dav.engine
      .vendorProperties({ id: 1, path: '/c/', kind: 'calendar' }, url)
      .find(({ name }) => name === 'pushkey')?.inner ?? '';
  return [
    dav,
    {
      async subscribe() {
        const body = new URLSearchParams({ token, key: pushKey() });
        return (await fetch(`${url}/push/apple`, { method: 'POST', body })).status;
      },
      received: () => gateway.notificationsOf(token).map(({ payload }) => (payload as { key: string }).key),
      about: pushKey,
      // APNs keeps what a device that is away has not got; the gateway's device is always reachable.
      goAway: () => Promise.resolve(),
      comeBack: () => Promise.resolve(),
      end() {
        gateway.unregister(token);
        return Promise.resolve(true);
      },
    },
  ];
}

async function eventStream(): Promise<[DavSide, Client]> {
  const dav = new DavSide();
  cleanup.push(() => dav.close());
  const url = await serveEndpoints(dav);
  let text = '';
  let channel = '';
  let stop = new AbortController();
  const messages = () =>
    [...text.matchAll(/event: push-message\n((?:data: .*\n)+)/g)].map(([, data = '']) =>
      data.replaceAll(/^data: /gm, ''),
    );
  const connect = async (): Promise<void> => {
    stop = new AbortController();
    const { signal } = stop;
    const lastId = [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1];
    const headers: Record<string, string> = lastId === undefined ? {} : { 'Last-Event-ID': lastId };
    const query = channel === '' ? '' : `?channel=${channel}`;
    const response = await fetch(`${url}/push/stream${query}`, { headers, signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const decoder = new TextDecoder();
    const read = async (): Promise<void> => {
      for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    };
    read().catch(() => {});
    await until(() => /event: channel\ndata: (\S+)\n\n/.test(text), 'the channel');
    channel = /event: channel\ndata: (\S+)/.exec(text)?.[1] ?? '';
  };
  await connect();
  cleanup.push(() => {
    stop.abort();
    return Promise.resolve();
  });
  return [
    dav,
    {
      subscribe: () => {
        const subscription = `<stream-subscription xmlns="${streamNamespace}"><channel>${channel}</channel></stream-subscription>`;
        const body = `<push-register xmlns="https://bitfire.at/webdav-push" xmlns:D="DAV:"><subscription>${subscription}</subscription>${contentTrigger}</push-register>`;
        return Promise.resolve(dav.register('ann', body).status);
      },
      received: () => messages().map((message) => parseXml(message).children[0]?.text ?? ''),
      about: () => topicOf(dav),
      async goAway() {
        stop.abort();
        await new Promise((resolve) => setTimeout(resolve, 20));
      },
      comeBack: connect,
      end: () => Promise.resolve(false),
    },
  ];
}

describe.each([
  ['web-push', webPush],
  ['apple', apple],
  ['stream', eventStream],
] as const)('transport %s', (_name, make) => {
  const sent = (dav: DavSide, count: number) =>
    until(() => dav.engine.totals().sent >= count, `${count} messages handed over`);

  it('tells a subscriber of a change, naming the collection', async () => {
    const [dav, client] = await make();
    expect(await client.subscribe()).toBeLessThan(300);
    dav.change();
    await until(() => client.received().length === 1, 'a notification');
    expect(client.received()).toEqual([client.about()]);
  });

  it('tells nothing to those who subscribed to nothing, or may not read any more', async () => {
    const [dav, client] = await make();
    dav.change();
    await client.subscribe();
    dav.change({ collectionId: 2 });
    dav.unreadable.add('ann');
    dav.change();
    await until(() => dav.engine.totals().pending === 0, 'an empty outbox');
    expect(client.received()).toEqual([]);
  });

  it('tells a client that was away of what it missed', async () => {
    const [dav, client] = await make();
    await client.subscribe();
    dav.change();
    await sent(dav, 1);
    await until(() => client.received().length === 1, 'the first notification');
    await client.goAway();
    dav.change();
    dav.change();
    await client.comeBack();
    const wanted = () => client.received().length >= 1 && dav.engine.totals().pending === 0;
    await until(wanted, 'what it missed');
    await until(() => client.received().at(-1) === client.about(), 'the newest');
  });

  it('subscribes again without doubling', async () => {
    const [dav, client] = await make();
    await client.subscribe();
    const before = dav.db.prepare('SELECT count(*) AS n FROM push_subscription').get()?.['n'];
    if (_name !== 'web-push') await client.subscribe();
    dav.change();
    await until(() => client.received().length === 1, 'a notification');
    expect(dav.db.prepare('SELECT count(*) AS n FROM push_subscription').get()?.['n']).toBe(before);
  });

  it('forgets a subscription that ended on the other side', async () => {
    const [dav, client] = await make();
    await client.subscribe();
    if (!(await client.end())) return;
    dav.change();
    await until(() => dav.engine.totals().removed === 1, 'the removal');
  });
});

describe('apple', () => {
  it('advertises what caldav-pubsubdiscovery asks for, on homes only', async () => {
    const [dav] = await apple();
    const ofHome = dav.engine.vendorProperties({ id: 9, path: '/', kind: 'calendar-home' }, 'https://x');
    const transport = parseXml(`<t>${ofHome.find(({ name }) => name === 'push-transports')?.inner}</t>`)
      .children[0];
    expect(transport?.attributes['type']).toBe('APSD');
    expect(transport?.children.map(({ name }) => name)).toEqual([
      'subscription-url',
      'apsbundleid',
      'env',
      'refresh-interval',
    ]);
    expect(transport?.children[0]?.children[0]?.text).toBe('https://x/push/apple');
    const inHome = { id: 1, path: '/', kind: 'calendar', homeId: 9 } as const;
    const ofCalendar = dav.engine.vendorProperties(inHome, 'https://x');
    expect(ofCalendar.map(({ name }) => name)).toEqual(['pushkey']);
    expect(ofCalendar[0]?.inner).toBe(ofHome.find(({ name }) => name === 'pushkey')?.inner);
    expect(dav.engine.vendorProperties({ id: 8, path: '/', kind: 'principal' }, '')).toEqual([]);
  });

  it('answers 400 to a subscription that names nothing', async () => {
    const [dav] = await apple();
    const url = await serveEndpoints(dav);
    const status = async (query: string) => (await fetch(`${url}/push/apple?${query}`)).status;
    expect(await status(`token=${'a1'.repeat(32)}&key=/CalDAV/davpulse/1/`)).toBe(200);
    expect(await status(`token=${'a1'.repeat(32)}&key=nonsense`)).toBe(400);
    expect(await status('token=xyz&key=/CalDAV/davpulse/1/')).toBe(400);
    expect(await status('')).toBe(400);
  });

  it('waits as APNs asks when it answers 429', async () => {
    const { publicKey, privateKey } = p256();
    const identity = { bundleId: 'b', teamId: 'T', keyId: 'K' };
    let now = 1_000_000_000_000;
    const gateway = await startApnsGateway({
      host: '127.0.0.1',
      port: 0,
      publicKey,
      ...identity,
      perDevicePerSecond: 1,
      now: () => now,
    });
    cleanup.push(() => gateway.close());
    const dav = new DavSide({
      apple: { ...identity, privateKey, gateway: gateway.url, environment: 'SANDBOX' },
      limits: { backoff: { firstMs: 10, maxMs: 20 } },
      now: () => now,
    });
    cleanup.push(() => dav.close());
    const url = await serveEndpoints(dav);
    const token = 'b2'.repeat(32);
    await fetch(`${url}/push/apple?token=${token}&key=/CalDAV/davpulse/1/`);
    await fetch(`${url}/push/apple?token=${token}&key=/CalDAV/davpulse/2/`);
    dav.change({ at: now });
    dav.change({ at: now, collectionId: 2 });
    await until(() => dav.engine.totals().retried === 1, 'a refusal');
    expect(gateway.notificationsOf(token)).toHaveLength(1);
    now += 1000;
    await until(() => gateway.notificationsOf(token).length === 2, 'the second notification');
    expect(gateway.notificationsOf(token)[0]).toMatchObject({ pushType: 'background', priority: 5 });
  });

  it('finds APNs strict about push types: an unknown one, and a background one at once', async () => {
    const { publicKey, privateKey } = p256();
    const identity = { bundleId: 'b', teamId: 'T', keyId: 'K' };
    const gateway = await startApnsGateway({ host: '127.0.0.1', port: 0, publicKey, ...identity });
    cleanup.push(() => gateway.close());
    const token = createProviderToken({ ...identity, privateKey }, Date.now)();
    const session = connect(gateway.url);
    cleanup.push(() => Promise.resolve(session.destroy()));
    const status = async (fields: Record<string, string>): Promise<number> => {
      const headers = { authorization: `bearer ${token}`, 'apns-topic': 'b', ...fields };
      const stream = session.request({
        ':method': 'POST',
        ':path': `/3/device/${'c3'.repeat(32)}`,
        ...headers,
      });
      stream.end('{}');
      const [answer]: { ':status'?: number }[] = await once(stream, 'response');
      stream.close();
      return answer?.[':status'] ?? 0;
    };
    expect(await status({ 'apns-push-type': 'background', 'apns-priority': '5' })).toBe(200);
    expect(await status({ 'apns-push-type': 'background', 'apns-priority': '10' })).toBe(400);
    expect(await status({ 'apns-push-type': 'alert', 'apns-priority': '10' })).toBe(200);
    expect(await status({ 'apns-push-type': 'news' })).toBe(400);
  });
});

describe('stream', () => {
  it('is resumable: what came after the last event seen is told again', async () => {
    const [dav, client] = await eventStream();
    await client.subscribe();
    dav.change();
    await until(() => client.received().length === 1, 'the first');
    await client.goAway();
    await client.comeBack();
    // The last event was seen, so nothing is repeated.
    await until(() => dav.engine.totals().pending === 0, 'an empty outbox');
    expect(client.received()).toHaveLength(1);
    dav.change();
    await until(() => client.received().length === 2, 'the second');
  });
});
