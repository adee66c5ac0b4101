import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  deleteObject,
  emptyReplica,
  listMembers,
  putObject,
  readHomeTokens,
  syncReplica,
  type CollectionKind,
  type SyncHabits,
} from '../../src/client/index.ts';
import { objectOf, startServer } from './server.ts';

const plain: SyncHabits = {
  check: 'none',
  report: 'sync-collection',
  inline: false,
  multigetBatch: 50,
  concurrency: 1,
};

const clients: readonly (readonly [string, CollectionKind, SyncHabits])[] = [
  ['a plain client', 'calendar', plain],
  ['a plain client', 'addressbook', plain],
  ['one that checks tokens and queries', 'calendar', { ...plain, check: 'sync-token', report: 'query' }],
  ['one that checks tokens and queries', 'addressbook', { ...plain, check: 'sync-token', report: 'query' }],
  ['one that lists everything', 'calendar', { ...plain, report: 'list' }],
  ['one that takes bodies inline', 'addressbook', { ...plain, inline: true }],
  ['one that fetches in small batches at once', 'calendar', { ...plain, multigetBatch: 2, concurrency: 3 }],
  ['one that looks at the home', 'calendar', { ...plain, check: 'home', report: 'list' }],
];

let server: Awaited<ReturnType<typeof startServer>>;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());

let collections = 0;
const makeCollection = (kind: CollectionKind) => server.makeCollection(kind, `c${(collections += 1)}`);

describe('a replica', () => {
  it.each(clients)('follows the server with %s (%s)', async (_, kind, habits) => {
    const write = fc.record({
      object: fc.nat(5),
      action: fc.constantFrom('put' as const, 'delete' as const, 'sync' as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 12 }), async (steps) => {
        const path = await makeCollection(kind);
        const writer = server.open();
        const reader = server.open(habits.concurrency);
        const replica = emptyReplica(path, kind);
        const home = path.replace(/[^/]*\/$/, '');
        const sync = async () => {
          const tokens = habits.check === 'home' ? await readHomeTokens(reader, home) : undefined;
          return await syncReplica(reader, replica, habits, tokens?.get(path));
        };
        for (const [index, { object, action }] of steps.entries()) {
          const target = `${path}o${object}.x`;
          if (action === 'put')
            await putObject(writer, kind, target, objectOf(kind, `o${object}`, `v${index}`));
          else if (action === 'delete') await deleteObject(writer, target);
          else await sync();
        }
        await sync();
        expect(replica.etags).toEqual(await listMembers(writer, path));
        const again = await sync();
        expect(again.fetched).toEqual([]);
        expect(again.removed).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });

  it('fetches in batches of the size that the client has', async () => {
    const path = await makeCollection('calendar');
    const session = server.open();
    for (let object = 0; object < 7; object += 1) {
      await putObject(session, 'calendar', `${path}o${object}.ics`, objectOf('calendar', `o${object}`, 'x'));
    }
    session.exchanges.length = 0;
    await syncReplica(session, emptyReplica(path, 'calendar'), { ...plain, multigetBatch: 3 });
    expect(session.exchanges.map(({ kind }) => kind)).toEqual([
      'sync-collection',
      'multiget',
      'multiget',
      'multiget',
    ]);
  });

  it('asks one question when nothing is new', async () => {
    const path = await makeCollection('calendar');
    const session = server.open();
    const replica = emptyReplica(path, 'calendar');
    await syncReplica(session, replica, { ...plain, check: 'sync-token' });
    session.exchanges.length = 0;
    await syncReplica(session, replica, { ...plain, check: 'sync-token' });
    expect(session.exchanges.map(({ kind }) => kind)).toEqual(['sync-token']);
  });

  it('starts again when the server has forgotten the token, without fetching what it has', async () => {
    const path = await makeCollection('calendar');
    const session = server.open();
    const replica = emptyReplica(path, 'calendar');
    await putObject(session, 'calendar', `${path}kept.ics`, objectOf('calendar', 'kept', 'x'));
    await putObject(session, 'calendar', `${path}gone.ics`, objectOf('calendar', 'gone', 'x'));
    await syncReplica(session, replica, plain);
    await deleteObject(session, `${path}gone.ics`);
    replica.token = 'https://example.org/never-issued';
    session.exchanges.length = 0;
    const outcome = await syncReplica(session, replica, plain);
    expect(outcome.removed).toEqual([`${path}gone.ics`]);
    expect(session.exchanges.map(({ kind }) => kind)).toEqual(['sync-collection', 'sync-collection']);
    expect([...replica.etags.keys()]).toEqual([`${path}kept.ics`]);
  });

  it('counts the bytes of the socket', async () => {
    const path = await makeCollection('calendar');
    const session = server.open();
    const body = objectOf('calendar', 'o', 'x'.repeat(3000));
    await putObject(session, 'calendar', `${path}o.ics`, body);
    const [put] = session.exchanges;
    expect(put?.bytes.up).toBeGreaterThan(body.length + 100);
    expect(put?.bytes.up).toBeLessThan(body.length + 500);
    expect(put?.bytes.down).toBeGreaterThan(50);
  });
});
