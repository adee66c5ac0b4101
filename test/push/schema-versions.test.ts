import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { migrate } from '../../src/push/store/migrate.ts';
import { steps } from '../../src/push/store/schema.ts';
import { DavSide, until } from './dav-side.ts';
import { created, fakeEndpoints } from './fake-endpoints.ts';

it('takes over what a version without numbers left, with what is still owed', async () => {
  const db = new DatabaseSync(':memory:');
  db.exec(steps[0] ?? '');
  const endpoints = await fakeEndpoints(created);
  const { endpoint, p256dh, auth } = endpoints.subscription('/a');
  db.prepare(
    "INSERT INTO push_subscription (id, user, transport, address, details) VALUES (1, 'ann', 'web-push', ?, ?)",
  ).run(endpoint, JSON.stringify({ p256dh, auth }));
  db.prepare(
    `INSERT INTO push_registration (token, location, subscription, resource, content_depth, property_filter, expires_at, sent_seq)
     VALUES ('t', 'l', 1, 1, '1', '[]', ?, 0)`,
  ).run(Date.now() + 1e9);
  db.prepare(
    `INSERT INTO push_change (resource, kind, removed, importance, at, above, properties, suppressed)
     VALUES (1, 'content', 0, 'normal', ?, '[]', '[]', '[]')`,
  ).run(Date.now());
  const dav = new DavSide({ db });
  await until(() => endpoints.received.length === 1, 'what was owed');
  await dav.close();
  expect(db.prepare('SELECT version FROM push_schema').all()).toEqual([{ version: steps.length }]);
  db.close();
  await endpoints.close();
});

it('changes nothing when a step fails', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, 'push_schema', steps);
  expect(() => migrate(db, 'push_schema', [...steps, 'CREATE TABLE x (y)', 'nonsense'])).toThrow();
  expect(db.prepare('SELECT version FROM push_schema').all()).toEqual([{ version: steps.length }]);
  expect(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'x'").get()?.['n']).toBe(0);
  db.close();
});

it('refuses what a newer version wrote', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, 'push_schema', [...steps, 'CREATE TABLE x (y)']);
  expect(() => new DavSide({ db })).toThrow(
    expect.objectContaining({ code: 'DAVPULSE_FILE_UNREADABLE', message: expect.stringContaining('newer') }),
  );
  db.close();
});
