import { expect, it } from 'vitest';
import { createPushEngine } from '../../../src/push/index.ts';
import { card, event, parts, startTestServer, syncToken } from '../../dav/harness.ts';
import { book, calendar } from './sequence.ts';
import { sequences } from './sequences.ts';
import { writing } from './writing.ts';

const tokenFor = (text: string): string =>
  text.includes('sync-token>') ? syncToken({ status: 207, headers: {}, text }) : '';

it.each([...sequences, ...writing])('answers $client as it expects', async ({ steps }) => {
  await using test = await startTestServer({
    createPushEngine: (db, host) =>
      createPushEngine({
        db,
        host,
        policy: { kind: 'window', windowMs: 3_600_000, ttlSeconds: 60, topic: 1 },
        allowLoopback: true,
      }),
  });
  await test.ask('PUT', `${calendar}a.ics`, { body: event('a') });
  await test.ask('PUT', `${calendar}b.ics`, { body: event('b') });
  await test.ask('PUT', `${book}ann.vcf`, { body: card('ann') });
  let token = '';
  let etag = '';
  let location = '';
  for (const { method, path, headers, body, status, hrefs, has, contains } of steps) {
    const fill = (text: string): string =>
      text
        .replace('{token}', token)
        .replace('{etag}', etag)
        .replace('{location}', location)
        .replace('{locationPath}', location.replace(/^https?:\/\/[^/]*/, ''))
        .replace('{inThreeDays}', new Date(Date.now() + 3 * 86_400_000).toUTCString());
    const filled = Object.fromEntries(
      Object.entries(headers ?? {}).map(([name, value]) => [name, fill(value)]),
    );
    const reply = await test.ask(method, fill(path), {
      headers: filled,
      ...(body === undefined ? {} : { body: fill(body) }),
    });
    const place = `${method} ${path}`;
    expect([place, reply.status]).toEqual([place, status]);
    if (hrefs !== undefined)
      expect(
        parts(reply)
          .map(({ href }) => href)
          .sort(),
      ).toEqual([...hrefs].sort());
    for (const name of has ?? []) expect([...(parts(reply)[0]?.found.keys() ?? [])], place).toContain(name);
    for (const text of contains ?? []) expect(reply.text).toContain(text);
    if (typeof reply.headers['etag'] === 'string') etag = reply.headers['etag'];
    if (method === 'POST') location = String(reply.headers['location']);
    token = tokenFor(reply.text) || token;
  }
});
