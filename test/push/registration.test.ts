import { createECDH, randomBytes } from 'node:crypto';
import { fc, it as property } from '@fast-check/vitest';
import { afterEach, describe, expect, it } from 'vitest';
import { strict } from '../../src/push/index.ts';
import { parseXml } from '../../src/xml/index.ts';
import { calendar, contentTrigger, DavSide, origin, registerBody } from './dav-side.ts';

const open: DavSide[] = [];
afterEach(async () => {
  for (const dav of open.splice(0).toReversed()) await dav.close();
});
const make = (options: ConstructorParameters<typeof DavSide>[0] = {}): DavSide => {
  const dav = new DavSide(options);
  open.push(dav);
  return dav;
};

const newKey = (): string => {
  const keys = createECDH('prime256v1');
  return keys.generateKeys('base64url');
};
const keys = { p256dh: newKey(), auth: randomBytes(16).toString('base64url') };
const endpoint = 'https://push.example/abc';
const good = { endpoint, ...keys };
const dayMs = 86_400_000;
const home = { id: 9, path: '/calendars/ann/', kind: 'calendar-home' } as const;
const principal = { id: 8, path: '/principals/ann/', kind: 'principal' } as const;

const rows = (dav: DavSide, table: string) => dav.db.prepare(`SELECT * FROM ${table}`).all();

describe('WebDAV-Push draft, registration and properties', () => {
  it('answers with an absolute registration URL and the real expiry', () => {
    const now = Date.UTC(2026, 0, 1);
    const answer = make({ now: () => now }).register('ann', registerBody(good));
    expect(answer.status).toBe(201);
    expect(answer.headers['Location']).toMatch(/^http:\/\/dav\.example\/push\/registrations\/[\w-]{24}$/);
    expect(answer.headers['Expires']).toBe(new Date(now + 7 * dayMs).toUTCString());
  });

  it.each([
    ['what is asked for', 5, 5],
    ['no more than the longest', 400, 30],
    ['the usual for a time that is past', -1, 7],
  ])('grants %s', (_name, askedDays, grantedDays) => {
    const now = Date.UTC(2026, 0, 1);
    const expires = `<expires>${new Date(now + askedDays * dayMs).toUTCString()}</expires>`;
    const body = registerBody(good, contentTrigger + expires);
    const { headers } = make({ now: () => now }).register('ann', body);
    expect(headers['Expires']).toBe(new Date(now + grantedDays * dayMs).toUTCString());
  });

  it('updates by push resource, and keeps the keys once', () => {
    const dav = make();
    const first = dav.register('ann', registerBody(good));
    const second = dav.register('ann', registerBody({ ...good, p256dh: newKey() }));
    const elsewhere = dav.register('ann', registerBody(good), { id: 2, path: '/x/' });
    expect(second.status).toBe(204);
    expect(second.headers['Location']).toBe(first.headers['Location']);
    expect(elsewhere.headers['Location']).not.toBe(first.headers['Location']);
    expect(rows(dav, 'push_registration')).toHaveLength(2);
    expect(rows(dav, 'push_subscription')).toHaveLength(1);
    // Another user with the same push resource must not replace these keys.
    dav.register('bob', registerBody({ ...good, p256dh: newKey() }));
    expect(rows(dav, 'push_subscription')).toHaveLength(2);
  });

  it('is removed by its owner only', () => {
    const dav = make();
    const location = dav.register('ann', registerBody(good)).headers['Location'] ?? '';
    const id = location.slice(`${origin}/push/registrations/`.length);
    expect(dav.engine.unregister('bob', id).status).toBe(404);
    expect(dav.engine.unregister('ann', id).status).toBe(204);
    expect(dav.engine.unregister('ann', id).status).toBe(404);
    expect(rows(dav, 'push_subscription')).toHaveLength(0);
  });

  it('is unknown once it has expired', () => {
    let now = Date.UTC(2026, 0, 1);
    const dav = make({ now: () => now });
    const location = dav.register('ann', registerBody(good)).headers['Location'] ?? '';
    now += 7 * dayMs;
    expect(dav.engine.unregister('ann', location.slice(`${origin}/push/registrations/`.length)).status).toBe(
      404,
    );
  });

  it.each([
    ['no subscription', '<push-register xmlns="https://bitfire.at/webdav-push"/>'],
    [
      'two push resources',
      registerBody(good).replace('</web-push', '<push-resource>x</push-resource></web-push'),
    ],
    ['another encoding', registerBody(good).replace('aes128gcm', 'aesgcm')],
    ['a key off the curve', registerBody({ ...good, p256dh: Buffer.alloc(65, 4).toString('base64url') })],
    ['a short secret', registerBody({ ...good, auth: 'abcd' })],
    ['a relative push resource', registerBody({ ...good, endpoint: '/x' })],
    ['an unknown transport', registerBody(good).replaceAll('web-push-subscription', 'pigeon-subscription')],
  ])('refuses %s', (_name, body) => {
    const answer = make().register('ann', body);
    expect(answer.status).toBe(403);
    expect(parseXml(answer.body).children[0]?.name).toBe('invalid-subscription');
  });

  it.each([
    ['http://push.example/x'],
    ['https://10.0.0.1/x'],
    ['https://[::ffff:10.0.0.1]/x'],
    ['https://169.254.169.254/latest'],
    ['https://[fd00::1]/x'],
    ['https://127.0.0.1:9/x'],
    ['https://localhost/x'],
    ['http://127.1/x'],
    ['https://0x7f000001/x'],
    ['https://user:secret@push.example/x'],
    ['ftp://push.example/x'],
  ])('refuses the endpoint %s, as it refuses any other wrong subscription', (address) => {
    const dav = make({ allowLoopback: false });
    const wrong = dav.register('ann', registerBody({ ...good, auth: 'abcd' }));
    expect(dav.register('ann', registerBody({ ...good, endpoint: address }))).toEqual(wrong);
  });

  it('keeps to the allowed origins', () => {
    const dav = make({ allowedOrigins: ['https://push.example'] });
    expect(dav.register('ann', registerBody(good)).status).toBe(201);
    const other = registerBody({ ...good, endpoint: 'https://other.example/x' });
    expect(dav.register('ann', other).status).toBe(403);
  });

  it('is not available to those who may not read', () => {
    const dav = make();
    dav.unreadable.add('eve');
    expect(dav.register('eve', registerBody(good)).body).toContain('push-not-available');
  });

  it('forgives what deployed clients leave out, unless told to be strict', () => {
    const bare = registerBody(good, '').replace(/<content-encoding>.*<\/content-encoding>/, '');
    expect(make().register('ann', bare).status).toBe(201);
    const noTrigger = make({ strictness: strict }).register('ann', registerBody(good, ''));
    expect(noTrigger.body).toContain('no-supported-trigger');
    const noEncoding = bare.replace('</push-register>', `${contentTrigger}</push-register>`);
    expect(make({ strictness: strict }).register('ann', noEncoding).body).toContain('invalid-subscription');
    const noDepth = registerBody(good, '<trigger><content-update/></trigger>');
    expect(make().register('ann', noDepth).status).toBe(201);
    expect(make({ strictness: strict }).register('ann', noDepth).status).toBe(403);
  });

  it('lowers depths that a resource does not have and drops triggers it does not have', () => {
    const dav = make();
    const trigger = (inner: string) => `<trigger>${inner}</trigger>`;
    const content = (depth: string) => `<content-update><D:depth>${depth}</D:depth></content-update>`;
    const properties = (depth: string) => `<property-update><D:depth>${depth}</D:depth></property-update>`;
    dav.register('ann', registerBody(good, trigger(content('infinity') + properties('1'))));
    dav.register('ann', registerBody(good, trigger(content('infinity'))), home);
    dav.register('ann', registerBody(good, trigger(content('1') + properties('0'))), principal);
    expect(rows(dav, 'push_registration')).toMatchObject([
      { content_depth: '1', property_depth: '0' },
      { content_depth: 'infinity', property_depth: null },
      { content_depth: null, property_depth: '0' },
    ]);
    const nothingLeft = dav.register('ann', registerBody(good, trigger(content('1'))), principal);
    expect(nothingLeft.body).toContain('no-supported-trigger');
  });

  it('advertises its transports side by side', () => {
    const properties = make().engine.properties(calendar);
    const transports = parseXml(`<t>${properties.get('transports')}</t>`);
    expect(transports.children.map(({ name }) => name)).toEqual(['web-push', 'stream']);
    const key = transports.children[0]?.children[0];
    expect(key).toMatchObject({ name: 'vapid-public-key', attributes: { type: 'p256ecdsa' } });
    expect(Buffer.from(key?.text ?? '', 'base64url')).toHaveLength(65);
    const triggers = parseXml(`<t>${properties.get('supported-triggers')}</t>`);
    expect(triggers.children.map(({ name }) => name)).toEqual(['content-update', 'property-update']);
  });

  it('has one topic per resource, for life', async () => {
    const dav = make();
    const topic = (id: number) => dav.engine.properties({ id, path: '/' }).get('topic');
    expect(topic(1)).not.toBe(topic(2));
    const before = topic(1);
    const again = make({ db: dav.db });
    await again.engine.rotateKeys();
    expect(again.engine.properties(calendar).get('topic')).toBe(before);
  });
});

describe('WebDAV-Push draft, Push-Dont-Notify', () => {
  /** The registrations that a change with these header lines still concerns, by their users. */
  const told = (lines: (own: string, others: string) => string[]): string[] => {
    const dav = make({ policy: { kind: 'window', windowMs: 1e9, ttlSeconds: 60, topic: 1 } });
    const own = dav.register('ann', registerBody(good)).headers['Location'] ?? '';
    const others = dav.register('bob', registerBody({ ...good, endpoint: 'https://push.example/bob' }));
    dav.change({ dontNotify: lines(own, others.headers['Location'] ?? '') });
    const changes = rows(dav, 'push_change');
    const suppressed = new Set(
      changes.flatMap((change) => JSON.parse(String(change['suppressed'])) as number[]),
    );
    return changes.length === 0 ? [] : ['ann', 'bob'].filter((_, place) => !suppressed.has(place + 1));
  };

  it.each([
    ['nothing', () => [], ['ann', 'bob']],
    ['the own registration', (own: string) => [`"${own}"`], ['bob']],
    ['it among others', (own: string) => [`"http://x/",  "${own}"`], ['bob']],
    ['it in a repeated line', (own: string) => ['"http://x/"', `"${own}"`], ['bob']],
    ["somebody else's registration", (_: string, others: string) => [`"${others}"`], ['ann', 'bob']],
    ['only its path', (own: string) => [`"${new URL(own).pathname}"`], ['ann', 'bob']],
    ['another spelling', (own: string) => [`"${own}/"`], ['ann', 'bob']],
    ['an unquoted one', (own: string) => [own], ['ann', 'bob']],
    ['everyone', () => ['*'], []],
    ['a star among others', (own: string) => ['*', `"${own}"`], ['bob']],
    ['nonsense beside a good one', (own: string) => [`;;, "${own}", "`], ['bob']],
  ] as const)('with %s', (_name, lines, expected) => {
    expect(told(lines)).toEqual(expected);
  });

  property.prop([fc.array(fc.string(), { maxLength: 5 })], { numRuns: 200 })(
    'never fails on what clients send',
    (lines) => {
      expect(() => told(() => lines)).not.toThrow();
    },
  );
});
