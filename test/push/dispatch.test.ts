import { createECDH, randomBytes } from 'node:crypto';
import { decrypt } from 'http_ece';
import { afterEach, describe, expect, it } from 'vitest';
import { parseXml } from '../../src/xml/index.ts';
import { calendar, contentTrigger, DavSide, until } from './dav-side.ts';
import { created, fakeEndpoints } from './fake-endpoints.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

const quick = {
  totalTimeoutMs: 300,
  backoff: { firstMs: 10, maxMs: 40 },
  lane: { concurrency: 8, suspects: 2, circuit: { subscriptions: 100, firstMs: 10, maxMs: 40 } },
};
const later = { kind: 'window', windowMs: 50, ttlSeconds: 60, topic: 1 } as const;

async function world(
  answer: Parameters<typeof fakeEndpoints>[0],
  options: ConstructorParameters<typeof DavSide>[0] = {},
) {
  const endpoints = await fakeEndpoints(answer);
  cleanup.push(() => endpoints.close());
  const dav = new DavSide({ limits: quick, ...options });
  cleanup.push(() => dav.close());
  return { endpoints, dav };
}

const idle = (dav: DavSide) => until(() => dav.engine.totals().pending === 0, 'an empty outbox');
const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: Parameters<typeof created>[0]) =>
    void response.writeHead(code, headers).end();

const read = (
  subscription: { keys: Parameters<typeof decrypt>[1]['privateKey']; auth: string },
  body: Buffer,
) =>
  parseXml(
    decrypt(body, {
      version: 'aes128gcm',
      privateKey: subscription.keys,
      authSecret: subscription.auth,
    }).toString(),
  );

describe('WebDAV-Push draft, push messages', () => {
  it('carry what RFC 8030 and the draft ask for', async () => {
    const policy = { kind: 'immediate', ttlSeconds: 1234, topic: 1 } as const;
    const { endpoints, dav } = await world(created, { policy });
    const subscription = endpoints.subscription('/a');
    dav.subscribe('ann', subscription);
    dav.change({ importance: 'high' });
    await idle(dav);
    const [message] = endpoints.received;
    expect(message?.headers).toMatchObject({
      ttl: '1234',
      urgency: 'high',
      'content-encoding': 'aes128gcm',
      'content-type': 'application/xml; charset="UTF-8"',
      topic: expect.stringMatching(/^[\w-]{32}$/),
      authorization: expect.stringMatching(/^vapid t=[\w.-]+, k=[\w-]{87}$/),
    });
    const xml = read(subscription, message?.body ?? Buffer.alloc(0));
    expect(xml.children.map(({ name }) => name)).toEqual(['topic', 'content-update']);
    expect(xml.children[0]?.text).not.toBe(message?.headers['topic']);
  });

  it('unite both update kinds, and are then not replaceable', async () => {
    const { endpoints, dav } = await world(created, { policy: later });
    const subscription = endpoints.subscription('/a');
    const both =
      '<trigger><content-update><D:depth>1</D:depth></content-update><property-update><D:depth>0</D:depth></property-update></trigger>';
    dav.subscribe('ann', subscription, both);
    dav.change({ kind: 'property' });
    dav.change();
    dav.change({ importance: 'low' });
    await idle(dav);
    expect(endpoints.received).toHaveLength(1);
    const xml = read(subscription, endpoints.received[0]?.body ?? Buffer.alloc(0));
    expect(xml.children.map(({ name }) => name)).toEqual(['topic', 'content-update', 'property-update']);
    expect(xml.children[1]?.children[0]?.text).toBe(dav.syncToken);
    expect(endpoints.received[0]?.headers).not.toHaveProperty('topic');
    expect(endpoints.received[0]?.headers['urgency']).toBe('normal');
  });

  it('are suppressed only if every merged change was', async () => {
    const { endpoints, dav } = await world(created, { policy: later });
    const location = dav.subscribe('ann', endpoints.subscription('/a')).headers['Location'];
    dav.subscribe('ann', endpoints.subscription('/b'));
    const dontNotify = [`"${location}"`];
    dav.change({ dontNotify });
    dav.change({ dontNotify });
    await idle(dav);
    expect(endpoints.received.map(({ path }) => path)).toEqual(['/b']);
    dav.change({ dontNotify });
    dav.change();
    dav.change({ dontNotify });
    await idle(dav);
    expect(endpoints.of('/a')).toHaveLength(1);
    expect(endpoints.of('/b')).toHaveLength(2);
  });

  it('reach those who watch from above as deep as they asked', async () => {
    const { endpoints, dav } = await world(created);
    const home = { id: 9, path: '/calendars/ann/', kind: 'calendar-home' } as const;
    const depth = (value: string) => contentTrigger.replace('>1<', `>${value}<`);
    dav.subscribe('ann', endpoints.subscription('/deep'), depth('infinity'), home);
    dav.subscribe('ann', endpoints.subscription('/members'), depth('1'), home);
    dav.change({ above: [home.id] });
    await idle(dav);
    expect(endpoints.received.map(({ path }) => path)).toEqual(['/deep']);
    dav.change({ collectionId: home.id });
    await idle(dav);
    expect(endpoints.received.map(({ path }) => path).toSorted()).toEqual(['/deep', '/deep', '/members']);
  });

  it('tell of a resource that is removed, also those who watch it, if they might read it', async () => {
    const { endpoints, dav } = await world(created);
    const home = { id: 9, path: '/calendars/ann/', kind: 'calendar-home' } as const;
    dav.subscribe('ann', endpoints.subscription('/itself'));
    dav.subscribe('eve', endpoints.subscription('/eve'));
    dav.subscribe('ann', endpoints.subscription('/home'), contentTrigger, home);
    dav.unreadable.add('eve');
    dav.change({ removed: true, above: [home.id] });
    dav.unreadable.add('ann');
    await until(() => endpoints.of('/itself').length === 1, 'the farewell');
    await idle(dav);
    // The home is still there, so its rights are asked when the message leaves.
    expect(endpoints.received.map(({ path }) => path)).toEqual(['/itself']);
  });

  it('tell of properties only to those who asked for them', async () => {
    const { endpoints, dav } = await world(created);
    const wants = (name: string) =>
      `<trigger><property-update><D:depth>0</D:depth><D:prop><D:${name}/></D:prop></property-update></trigger>`;
    dav.subscribe('ann', endpoints.subscription('/name'), wants('displayname'));
    dav.subscribe('ann', endpoints.subscription('/acl'), wants('acl'));
    dav.subscribe('ann', endpoints.subscription('/content'));
    dav.change({ kind: 'property', properties: [{ ns: 'DAV:', name: 'displayname' }] });
    await idle(dav);
    expect(endpoints.received.map(({ path }) => path)).toEqual(['/name']);
  });

  it('are not sent to those who may not read any more, nor to expired registrations', async () => {
    let now = Date.now();
    const { endpoints, dav } = await world(created, {
      policy: { ...later, windowMs: 0 },
      now: () => now,
      lifetime: { defaultMs: 3_600_000, maxMs: 3_600_000 },
    });
    dav.subscribe('ann', endpoints.subscription('/a'));
    dav.subscribe('bob', endpoints.subscription('/b'));
    dav.change({ at: now });
    dav.unreadable.add('bob');
    await idle(dav);
    expect(endpoints.received.map(({ path }) => path)).toEqual(['/a']);
    now += 3_600_000;
    dav.change({ at: now });
    dav.subscribe('cleo', endpoints.subscription('/c'));
    dav.change({ at: now });
    await until(() => endpoints.of('/c').length === 1, 'the valid one');
    expect(endpoints.of('/a')).toHaveLength(1);
  });
});

describe('delivery', () => {
  it.each([[404], [410]])('removes a subscription that answers %i', async (code) => {
    const { endpoints, dav } = await world(status(code));
    dav.subscribe('ann', endpoints.subscription('/a'));
    dav.subscribe('ann', endpoints.subscription('/a'), contentTrigger, { ...calendar, id: 2 });
    dav.change();
    await until(() => dav.engine.totals().removed === 1, 'the removal');
    dav.change();
    dav.change({ collectionId: 2 });
    await idle(dav);
    expect(endpoints.received).toHaveLength(1);
  });

  it.each([[500], [502], [408]])('tries again after %i, and merges what came meanwhile', async (code) => {
    const { endpoints, dav } = await world((response, _, count) =>
      count < 3 ? status(code)(response) : created(response),
    );
    const subscription = endpoints.subscription('/a');
    dav.subscribe('ann', subscription);
    dav.change();
    await until(() => endpoints.received.length >= 2, 'a second attempt');
    dav.change();
    await idle(dav);
    expect(endpoints.received.length).toBeLessThanOrEqual(5);
    const last = endpoints.received.at(-1)?.body ?? Buffer.alloc(0);
    expect(JSON.stringify(read(subscription, last))).toContain(dav.syncToken);
    expect(dav.engine.totals()).toMatchObject({ sent: endpoints.received.length - 3, retried: 3 });
  });

  it('keeps to Retry-After', async () => {
    const { endpoints, dav } = await world((response, _, count) =>
      count === 0 ? status(429, { 'Retry-After': '1' })(response) : created(response),
    );
    dav.subscribe('ann', endpoints.subscription('/a'));
    dav.change();
    await idle(dav);
    const [first, second] = endpoints.received;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('holds back a whole origin that says 503 with Retry-After', async () => {
    const { endpoints, dav } = await world(
      (response, { path }, count) =>
        path === '/a' && count === 0 ? status(503, { 'Retry-After': '1' })(response) : created(response),
      { limits: { ...quick, lane: { ...quick.lane, concurrency: 1 } } },
    );
    dav.subscribe('ann', endpoints.subscription('/a'));
    dav.subscribe('ann', endpoints.subscription('/b'));
    dav.change();
    await idle(dav);
    expect((endpoints.of('/b')[0]?.at ?? 0) - (endpoints.of('/a')[0]?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('removes after repeated refusals', async () => {
    const { endpoints, dav } = await world(status(400), { limits: { ...quick, refusals: 3 } });
    dav.subscribe('ann', endpoints.subscription('/a'));
    dav.change();
    await until(() => dav.engine.totals().removed === 1, 'the removal');
    expect(endpoints.received).toHaveLength(3);
  });

  it('removes a subscription that has only failed for the grace period, as one whose host is unknown', async () => {
    let now = Date.now();
    const { dav } = await world(created, {
      allowLoopback: false,
      resolve: (_hostname, callback) => callback(new Error('unknown host'), []),
      now: () => now,
      limits: { ...quick, failingForMs: 60_000 },
    });
    dav.subscribe('ann', {
      endpoint: 'https://gone.example/x',
      p256dh: createECDH('prime256v1').generateKeys('base64url'),
      auth: randomBytes(16).toString('base64url'),
    });
    dav.change({ at: now });
    await until(() => dav.engine.totals().retried === 1, 'a failure');
    now += 50_000;
    await until(() => dav.engine.totals().retried === 2, 'another, within the grace period');
    dav.change({ at: now });
    now += 10_000;
    await until(() => dav.engine.totals().removed === 1, 'the removal');
  });

  it('does not follow redirects', async () => {
    const { endpoints, dav } = await world(
      (response, { path }) =>
        path === '/a' ? status(307, { Location: '/elsewhere' })(response) : created(response),
      { limits: { ...quick, refusals: 1 } },
    );
    dav.subscribe('ann', endpoints.subscription('/a'));
    dav.change();
    await until(() => dav.engine.totals().removed === 1, 'the removal');
    expect(endpoints.of('/elsewhere')).toHaveLength(0);
  });

  it('gives up when the message is older than its TTL', async () => {
    const policy = { kind: 'immediate', ttlSeconds: 0, topic: 1 } as const;
    const { endpoints, dav } = await world(status(500), { policy });
    dav.subscribe('ann', endpoints.subscription('/a'));
    dav.change();
    await until(() => dav.engine.totals().failed === 1, 'giving up');
    expect(dav.engine.totals()).toMatchObject({ pending: 0, sent: 0 });
    expect(endpoints.received).toHaveLength(1);
  });

  it('tries again when an endpoint hangs or cannot be connected to', async () => {
    const { endpoints, dav } = await world((response, { path }, count) => {
      if (path !== '/hangs' || count > 0) created(response);
    });
    dav.subscribe('ann', endpoints.subscription('/hangs'));
    dav.subscribe('ann', { ...endpoints.subscription('/x'), endpoint: 'http://127.0.0.1:1/x' });
    dav.change();
    await until(() => endpoints.of('/hangs').length === 2, 'the second attempt');
    await until(() => dav.engine.totals().retried >= 3, 'attempts at the port where nobody is');
  });

  it('leaves an origin alone for a while when many of its endpoints fail in a row', async () => {
    const circuit = { subscriptions: 3, firstMs: 100_000, maxMs: 100_000 };
    const lane = { ...quick.lane, concurrency: 1, circuit };
    const { endpoints, dav } = await world(status(500), { limits: { ...quick, lane } });
    for (let n = 0; n < 10; n += 1) dav.subscribe('ann', endpoints.subscription(`/${n}`));
    dav.change();
    await until(() => dav.engine.totals().retried === 3, 'three failures');
    dav.change();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(endpoints.received).toHaveLength(3);
    expect(dav.engine.totals().pending).toBe(10);
  });

  it('comes back to an origin soon, however many attempts were under way when it went down', async () => {
    const circuit = { subscriptions: 3, firstMs: 5, maxMs: 1e9 };
    const lane = { ...quick.lane, concurrency: 30, circuit };
    const { endpoints, dav } = await world(
      (response, _received, count) => (count === 0 ? response.destroy() : created(response)),
      { limits: { ...quick, lane } },
    );
    for (let n = 0; n < 30; n += 1) dav.subscribe('ann', endpoints.subscription(`/${n}`));
    dav.change();
    await until(() => dav.engine.totals().sent === 30, 'every message', 10_000);
  });

  it('owes after a restart what it owed before, once for all changes', async () => {
    const never = { ...later, windowMs: 1e9 };
    const { endpoints, dav } = await world(created, { policy: never });
    dav.subscribe('ann', endpoints.subscription('/a'));
    dav.subscribe('bob', endpoints.subscription('/b'));
    for (let n = 0; n < 5; n += 1) dav.change();
    await until(() => dav.engine.totals().pending === 2, 'two messages owed');
    const again = new DavSide({ db: dav.db });
    cleanup.push(() => again.close());
    await until(() => again.engine.totals().sent === 2, 'both messages');
    expect(endpoints.received.map(({ path }) => path).toSorted()).toEqual(['/a', '/b']);
    // What was sent is written down, so a third process has nothing to do.
    await until(
      () => again.db.prepare('SELECT 1 FROM push_registration WHERE sent_seq = 0').all().length === 0,
      'the note of what was sent',
    );
    const third = new DavSide({ db: dav.db });
    cleanup.push(() => third.close());
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(endpoints.received).toHaveLength(2);
  });

  it('keeps no log of changes that nobody must be told of', async () => {
    let now = Date.now();
    const { endpoints, dav } = await world(created, { now: () => now });
    const location = dav.subscribe('ann', endpoints.subscription('/a')).headers['Location'];
    const logged = () => Number(dav.db.prepare('SELECT count(*) AS n FROM push_change').get()?.['n']);
    for (let change = 0; change < 50; change += 1) {
      dav.change({ dontNotify: [`"${location}"`] });
      now += 100;
      await new Promise((resolve) => setImmediate(resolve));
    }
    now += 2000;
    dav.change({ dontNotify: [`"${location}"`] });
    // The newest may wait for the next occasion: the log is shortened once a second at most.
    await until(() => logged() <= 1, 'a short log');
  });

  it('loses nothing when the transaction of the change is rolled back: nothing is owed', async () => {
    const { endpoints, dav } = await world(created);
    dav.subscribe('ann', endpoints.subscription('/a'));
    dav.db.exec('BEGIN');
    const change = {
      collectionId: 1,
      kind: 'content',
      importance: 'normal',
      dontNotify: [],
      user: 'ann',
    } as const;
    dav.engine.record({ ...change, at: Date.now() });
    dav.engine.wake();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(endpoints.received).toHaveLength(0);
    dav.db.exec('ROLLBACK');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(endpoints.received).toHaveLength(0);
  });

  it('tells everyone before the keys change, and signs with the new ones afterwards', async () => {
    const { endpoints, dav } = await world(created);
    const subscription = endpoints.subscription('/a');
    dav.subscribe('ann', subscription);
    dav.subscribe('ann', subscription, contentTrigger, { ...calendar, id: 2 });
    const keyOf = (place: number) =>
      /k=(.*)$/.exec(endpoints.received[place]?.headers['authorization'] ?? '')?.[1];
    expect(await dav.engine.rotateKeys()).toBe(1);
    const xml = read(subscription, endpoints.received[0]?.body ?? Buffer.alloc(0));
    expect(xml.children.map(({ name }) => name)).toEqual(['property-update']);
    expect(xml.children[0]?.children[0]?.children[0]?.name).toBe('transports');
    dav.change();
    await idle(dav);
    expect(keyOf(1)).not.toBe(keyOf(0));
    expect(dav.engine.properties(calendar).get('transports')).toContain(`>${keyOf(1)}<`);
  });
});
