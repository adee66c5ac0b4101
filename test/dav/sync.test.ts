import { expect, it } from 'vitest';
import { event, parts, startTestServer, syncToken, xml, type TestServer } from './harness.ts';

const body = (token: string, level: string, limit?: number): string =>
  xml(
    `<D:sync-collection><D:sync-token>${token}</D:sync-token><D:sync-level>${level}</D:sync-level>${limit === undefined ? '' : `<D:limit><D:nresults>${limit}</D:nresults></D:limit>`}<D:prop><D:getetag/></D:prop></D:sync-collection>`,
  );

interface Told {
  readonly there: string[];
  readonly gone: string[];
  readonly token: string;
  readonly pages: number;
}

/** Follows the pages to the end, as a client does; each holds at most `limit` members. */
async function follow(
  test: TestServer,
  path: string,
  from: string,
  level: string,
  limit: number,
): Promise<Told> {
  const there: string[] = [];
  const gone: string[] = [];
  let token = from;
  for (let pages = 1; pages < 100; pages += 1) {
    const reply = await test.ask('REPORT', path, { body: body(token, level, limit) });
    expect(reply.status).toBe(207);
    const told = parts(reply);
    const members = told.filter(({ status }) => status !== 507);
    expect(members.length).toBeLessThanOrEqual(limit);
    there.push(...members.filter(({ status }) => status !== 404).map(({ href }) => href));
    gone.push(...members.filter(({ status }) => status === 404).map(({ href }) => href));
    token = syncToken(reply);
    if (told.length === members.length) return { there, gone, token, pages };
  }
  throw new Error('the pages do not end');
}

it.each([1, 2, 3, 7])('tells each member once over pages of %i, at every level', async (limit) => {
  await using test = await startTestServer();
  const put = (name: string): Promise<unknown> =>
    test.ask('PUT', `/calendars/alice/calendar/${name}.ics`, { body: event(name) });
  for (const name of ['a', 'b', 'c', 'd', 'e']) await put(name);
  await test.ask('DELETE', '/calendars/alice/calendar/c.ics');
  for (const [path, level] of [
    ['/calendars/alice/calendar/', '1'],
    ['/calendars/alice/', 'infinite'],
  ] as const) {
    const whole = parts(await test.ask('REPORT', path, { body: body('', level) })).map(({ href }) => href);
    const paged = await follow(test, path, '', level, limit);
    expect(paged.there.toSorted()).toEqual(whole.toSorted());
    expect(new Set(paged.there).size).toBe(paged.there.length);
    expect(await follow(test, path, paged.token, level, limit)).toMatchObject({
      there: [],
      gone: [],
      pages: 1,
    });
  }
});

it('pages through changes made at once', async () => {
  await using test = await startTestServer();
  const make = (path: string): Promise<unknown> => test.ask('MKCOL', path);
  await make('/files/alice/one/');
  await make('/files/alice/one/deep/');
  for (const path of ['one/a', 'one/b', 'one/deep/c'])
    await test.ask('PUT', `/files/alice/${path}`, { body: 'x' });
  const { token } = await follow(test, '/files/alice/', '', 'infinite', 10);
  await test.ask('MOVE', '/files/alice/one/', { headers: { destination: '/files/alice/two/' } });
  const told = await follow(test, '/files/alice/', token, 'infinite', 1);
  expect(told.gone).toEqual(['/files/alice/one/']);
  expect(told.there.toSorted()).toEqual(
    ['two/', 'two/a', 'two/b', 'two/deep/', 'two/deep/c'].map((path) => `/files/alice/${path}`),
  );
});
