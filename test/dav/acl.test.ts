import { describe, expect, it } from 'vitest';
import { condition, event, parts, propfindBody, startTestServer, xml, type TestServer } from './harness.ts';

/** Access control lists (RFC 3744). */

const calendar = '/calendars/alice/calendar/';
const a = `${calendar}a.ics`;

const ace = (principal: string, privileges: string, kind = 'grant'): string => {
  const named = privileges.split(' ').map((name) => `<D:privilege><${name}/></D:privilege>`);
  return `<D:ace><D:principal>${principal}</D:principal><D:${kind}>${named.join('')}</D:${kind}></D:ace>`;
};
const of = (user: string): string => `<D:href>/principals/${user}/</D:href>`;
const everybody = '<D:authenticated/>';

const setAcl = async (test: TestServer, inner: string, path = calendar, user = 'alice') =>
  test.ask('ACL', path, { user, body: xml(`<D:acl>${inner}</D:acl>`) });

const status = async (test: TestServer, method: string, path: string, user = 'bob', more = {}) =>
  (await test.ask(method, path, { user, ...more })).status;

const told = async (test: TestServer, path: string, name: string, user: string) =>
  parts(
    await test.ask('PROPFIND', path, { user, headers: { depth: '0' }, body: propfindBody(`D:${name}`) }),
  )[0]?.found.get(name);

async function withEvents(): Promise<TestServer> {
  const test = await startTestServer();
  await test.ask('PUT', a, { body: event('a', ['DURATION:PT1H']) });
  return test;
}

it('opens a collection and what is in it to those whom its owner names', async () => {
  await using test = await withEvents();
  expect(await status(test, 'GET', a)).toBe(403);
  expect((await setAcl(test, ace(of('bob'), 'D:read'))).status).toBe(200);
  expect(await status(test, 'GET', a)).toBe(200);
  expect([await status(test, 'GET', a, 'carol'), await status(test, 'GET', '/calendars/alice/')]).toEqual([
    403, 403,
  ]);
  expect(parts(await test.ask('PROPFIND', calendar, { user: 'bob', headers: { depth: '1' } }))).toHaveLength(
    2,
  );
  const refused = await test.ask('PUT', a, { user: 'bob', body: event('a') });
  expect([refused.status, refused.text.includes('<D:write-content/>')]).toEqual([403, true]);
  for (const [method, path] of [
    ['PUT', `${calendar}b.ics`],
    ['DELETE', a],
    ['DELETE', calendar],
  ] as const)
    expect(await status(test, method, path, 'bob', method === 'PUT' ? { body: event('b') } : {})).toBe(403);
  expect((await setAcl(test, ace(of('carol'), 'D:read'), calendar, 'bob')).text).toContain('write-acl');
  // An empty list takes it all back.
  await setAcl(test, '');
  expect(await status(test, 'GET', a)).toBe(403);
});

it('lets others do what they are granted, and no more', async () => {
  await using test = await withEvents();
  const b = `${calendar}b.ics`;
  const put = (path: string, uid: string) => status(test, 'PUT', path, 'bob', { body: event(uid) });
  const rename = xml(
    '<D:propertyupdate><D:set><D:prop><D:displayname>x</D:displayname></D:prop></D:set></D:propertyupdate>',
  );
  const patch = () => status(test, 'PROPPATCH', calendar, 'bob', { body: rename });
  await setAcl(test, ace(of('bob'), 'D:read D:write-content'));
  expect([await put(a, 'a'), await put(b, 'b'), await status(test, 'DELETE', a), await patch()]).toEqual([
    204, 403, 403, 403,
  ]);
  await setAcl(test, ace(of('bob'), 'D:read D:bind'));
  expect([await put(a, 'a'), await put(b, 'b'), await status(test, 'DELETE', b)]).toEqual([403, 201, 403]);
  await setAcl(test, ace(of('bob'), 'D:read D:unbind'));
  expect([await status(test, 'DELETE', b), await put(b, 'b')]).toEqual([204, 403]);
  await setAcl(test, ace(of('bob'), 'D:read D:write-properties'));
  expect([await patch(), await put(a, 'a')]).toEqual([207, 403]);
  await setAcl(test, ace(of('bob'), 'D:all'));
  expect([
    await put(b, 'b'),
    await status(test, 'DELETE', b),
    await status(test, 'DELETE', calendar),
  ]).toEqual([201, 204, 403]);
});

it('shows nothing to those who may write but not read', async () => {
  await using test = await withEvents();
  await setAcl(test, ace(of('bob'), 'D:write'));
  for (const condition of [{ 'if-match': '"x"' }, { if: '(["x"])' }]) {
    const headers = { prefer: 'return=representation', ...condition };
    const refused = await test.ask('PUT', a, { user: 'bob', headers, body: event('a') });
    expect([refused.status, refused.text.includes('VEVENT')]).toEqual([412, false]);
    const own = await test.ask('PUT', a, { headers, body: event('a') });
    expect([own.status, own.text.includes('VEVENT')]).toEqual([412, true]);
  }
  expect(
    await status(test, 'COPY', a, 'bob', { headers: { destination: '/calendars/bob/calendar/a.ics' } }),
  ).toBe(403);
  expect(await status(test, 'PUT', a, 'bob', { body: event('a') })).toBe(204);
});

it('grants to all who have logged in, but not to whom it denies before', async () => {
  await using test = await withEvents();
  await setAcl(test, ace(of('bob'), 'D:read', 'deny') + ace(everybody, 'D:read'));
  expect([await status(test, 'GET', a, 'carol'), await status(test, 'GET', a)]).toEqual([200, 403]);
  await setAcl(test, ace('<D:all/>', 'D:read') + ace(of('bob'), 'D:read', 'deny'));
  expect([await status(test, 'GET', a, 'carol'), await status(test, 'GET', a)]).toEqual([200, 200]);
});

it('lets busy times alone be asked for (RFC 4791 6.1.1)', async () => {
  await using test = await withEvents();
  await setAcl(test, ace(of('bob'), 'C:read-free-busy'));
  const range = '<C:time-range start="20261201T000000Z" end="20261202T000000Z"/>';
  const busy = await test.ask('REPORT', calendar, {
    user: 'bob',
    body: xml(`<C:free-busy-query>${range}</C:free-busy-query>`),
  });
  expect(busy.text).toContain('BUSY:20261201T090000Z/PT1H');
  expect([await status(test, 'GET', a), await status(test, 'PROPFIND', calendar)]).toEqual([403, 403]);
});

it('tells the list to the owner, and to others what they may', async () => {
  await using test = await withEvents();
  await setAcl(test, ace(of('bob'), 'D:read D:write') + ace(everybody, 'D:read-acl', 'deny'));
  const acl = await told(test, calendar, 'acl', 'alice');
  const [own, ofBob] = acl?.children ?? [];
  expect([own?.children.map(({ name }) => name), ofBob?.children.map(({ name }) => name)]).toEqual([
    ['principal', 'grant', 'protected'],
    ['principal', 'grant'],
  ]);
  const inherited = (await told(test, a, 'acl', 'alice'))?.children[1]?.children[2];
  expect([inherited?.name, inherited?.children[0]?.text]).toEqual(['inherited', calendar]);
  expect((await told(test, a, 'inherited-acl-set', 'alice'))?.children[0]?.text).toBe(calendar);
  const held = (await told(test, a, 'current-user-privilege-set', 'bob'))?.children.map(
    ({ children }) => children[0]?.name,
  );
  expect(held).toEqual(expect.arrayContaining(['read', 'write', 'write-content', 'read-free-busy']));
  expect(held).not.toContain('write-acl');
  expect(await told(test, calendar, 'acl', 'bob')).toBeUndefined();
  const named = await test.ask('REPORT', calendar, { body: xml('<D:acl-principal-prop-set/>') });
  expect(parts(named).map(({ href }) => href)).toEqual(['/principals/alice/', '/principals/bob/']);
});

describe('an access control list', () => {
  it('is refused with the precondition that it breaks (RFC 3744 8.1.1)', async () => {
    await using test = await withEvents();
    const whole = ace(of('bob'), 'D:read');
    const cases: [string, string][] = [
      [whole.replace('</D:ace>', '<D:protected/></D:ace>'), 'no-ace-conflict'],
      [whole.replace('</D:ace>', '<D:inherited><D:href>/</D:href></D:inherited></D:ace>'), 'no-ace-conflict'],
      [ace(of('alice'), 'D:read', 'deny'), 'no-protected-ace-conflict'],
      [ace(of('bob'), 'C:schedule'), 'not-supported-privilege'],
      [ace(of('nobody'), 'D:read'), 'recognized-principal'],
      [ace('<D:href>/nowhere/</D:href>', 'D:read'), 'recognized-principal'],
      [ace('<D:unauthenticated/>', 'D:read'), 'allowed-principal'],
      [whole.replaceAll('D:principal>', 'D:invert>'), 'no-invert'],
      [whole.repeat(101), 'limited-number-of-aces'],
    ];
    for (const [inner, name] of cases) {
      const reply = await setAcl(test, inner);
      expect([name, reply.status, condition(reply)]).toEqual([name, 403, name]);
    }
    for (const inner of ['<D:ace/>', ace(of('bob'), 'D:read').replaceAll('grant', 'other')])
      expect((await setAcl(test, inner)).status).toBe(400);
    for (const path of ['/calendars/alice/', '/calendars/alice/inbox/', a, '/principals/alice/'])
      expect(condition(await setAcl(test, whole, path))).toBe('need-privileges');
    expect(await status(test, 'GET', a)).toBe(403);
  });

  it('is neither seen nor set as a property, and not copied', async () => {
    await using test = await withEvents();
    await setAcl(test, ace(of('bob'), 'D:read D:write'));
    const all = await test.ask('PROPFIND', calendar, { headers: { depth: '0' } });
    expect(all.text).not.toContain('urn:davpulse:acl');
    const inner = '<X:grants xmlns:X="urn:davpulse:acl">[]</X:grants>';
    const body = xml(`<D:propertyupdate><D:set><D:prop>${inner}</D:prop></D:set></D:propertyupdate>`);
    for (const user of ['alice', 'bob'])
      expect(parts(await test.ask('PROPPATCH', calendar, { user, body }))[0]?.missing).toEqual(['grants']);
    await test.ask('COPY', calendar, { headers: { destination: '/calendars/alice/copy/' } });
    expect(await status(test, 'GET', '/calendars/alice/copy/a.ics')).toBe(403);
    await test.ask('MOVE', calendar, { headers: { destination: '/calendars/alice/moved/' } });
    expect(await status(test, 'GET', '/calendars/alice/moved/a.ics')).toBe(200);
  });

  it('of a folder holds for the folders in it', async () => {
    await using test = await startTestServer();
    for (const path of ['/files/alice/d/', '/files/alice/d/e/']) await test.ask('MKCOL', path);
    await test.ask('PUT', '/files/alice/d/e/f.txt', { body: 'f' });
    await setAcl(test, ace(of('bob'), 'D:read D:bind'), '/files/alice/d/');
    expect(await status(test, 'GET', '/files/alice/d/e/f.txt')).toBe(200);
    expect(await status(test, 'MKCOL', '/files/alice/d/e/g/')).toBe(201);
    expect(await status(test, 'GET', '/files/alice/')).toBe(403);
    await setAcl(test, ace(of('carol'), 'D:read'), '/files/alice/d/e/');
    expect(await status(test, 'GET', '/files/alice/d/e/f.txt')).toBe(403);
  });
});
