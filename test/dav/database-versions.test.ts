import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { migrate } from '../../src/dav/store/migrate.ts';
import { openStore } from '../../src/dav/store/store.ts';
import { event, startTestServer } from './harness.ts';

function inFolder<T>(work: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'davpulse-versions-'));
  const clean = (): void => rmSync(folder, { recursive: true, force: true });
  const result = work(join(folder, 'store.db'));
  if (result instanceof Promise) result.finally(clean).catch(() => undefined);
  else clean();
  return result;
}

const versionOf = (db: DatabaseSync): unknown => db.prepare('PRAGMA user_version').get()?.['user_version'];

it('takes the file of a version that did not number it, with all it holds', () =>
  inFolder(async (file) => {
    const path = '/calendars/alice/calendar/a.ics';
    {
      await using test = await startTestServer({ db: file });
      await test.ask('PUT', path, { body: event('a') });
    }
    const db = new DatabaseSync(file);
    expect(versionOf(db)).toBe(2);
    db.exec('DROP INDEX node_untimed; PRAGMA user_version = 0; PRAGMA application_id = 0;');
    db.close();
    await using again = await startTestServer({ db: file });
    expect((await again.ask('GET', path)).text).toBe(event('a'));
    const after = new DatabaseSync(file, { readOnly: true });
    expect(versionOf(after)).toBe(2);
    after.close();
  }));

it('refuses the file of a newer version or of another program, and leaves it alone', () =>
  inFolder((file) => {
    const db = new DatabaseSync(file);
    db.exec('CREATE TABLE theirs (x)');
    db.close();
    const theirs = readFileSync(file);
    expect(() => openStore(file)).toThrow(/belongs to another program; name another file with --db/);
    expect(readFileSync(file)).toEqual(theirs);
    rmSync(file);
    openStore(file).close();
    const ours = new DatabaseSync(file);
    ours.exec('PRAGMA user_version = 3');
    ours.close();
    const newer = readFileSync(file);
    expect(() => openStore(file)).toThrow(/a newer davpulse wrote it \(schema 3, this one knows 2\)/);
    expect(readFileSync(file)).toEqual(newer);
    writeFileSync(file, 'no database at all, but long enough to be looked at as one'.repeat(20));
    expect(() => openStore(file)).toThrow(/cannot open the database/);
  }));

it('goes all steps from an older version, or none when one fails', () => {
  const db = new DatabaseSync(':memory:');
  const first = 'CREATE TABLE node (id); CREATE TABLE tombstone (id); INSERT INTO node VALUES (7);';
  migrate(db, 'x', [first]);
  const steps = [first, 'ALTER TABLE node ADD COLUMN colour TEXT', "UPDATE node SET colour = 'red'"];
  expect(() => migrate(db, 'x', [...steps, 'nonsense'])).toThrow();
  expect([versionOf(db), db.prepare('SELECT * FROM node').all()]).toEqual([1, [{ id: 7 }]]);
  migrate(db, 'x', steps);
  expect([versionOf(db), db.prepare('SELECT * FROM node').all()]).toEqual([3, [{ id: 7, colour: 'red' }]]);
  migrate(db, 'x', steps);
  db.close();
});
