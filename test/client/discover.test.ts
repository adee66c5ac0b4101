import { expect, it } from 'vitest';
import { discoverAccount, listCollections } from '../../src/client/index.ts';
import { startServer } from './server.ts';

it('finds principal, homes and collections from nothing but the origin', async () => {
  await using server = await startServer();
  const session = server.open();
  const account = await discoverAccount(session);
  expect(account).toEqual({
    principal: '/principals/ann/',
    calendarHome: '/calendars/ann/',
    addressbookHome: '/addressbooks/ann/',
  });
  const calendars = await listCollections(session, '/calendars/ann/');
  expect(calendars.map(({ path, kind }) => [path, kind])).toEqual(
    expect.arrayContaining([['/calendars/ann/calendar/', 'calendar']]),
  );
  const books = await listCollections(session, '/addressbooks/ann/');
  expect(books.map(({ path, kind }) => [path, kind])).toEqual([
    ['/addressbooks/ann/addressbook/', 'addressbook'],
  ]);
});

it('begins at a base path when one is given', async () => {
  await using server = await startServer();
  const session = server.open();
  expect((await discoverAccount(session, '/principals/ann/')).calendarHome).toBe('/calendars/ann/');
  expect(session.exchanges.every(({ request }) => !request.path.startsWith('/.well-known'))).toBe(true);
});
