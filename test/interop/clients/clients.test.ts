import { expect, it } from 'vitest';
import { card, event, parts, startTestServer, syncToken } from '../../dav/harness.ts';
import { book, calendar } from './sequence.ts';
import { sequences } from './sequences.ts';

const tokenFor = (text: string): string =>
  text.includes('sync-token>') ? syncToken({ status: 207, headers: {}, text }) : '';

it.each(sequences)('answers $client as it expects', async ({ steps }) => {
  await using test = await startTestServer();
  await test.ask('PUT', `${calendar}a.ics`, { body: event('a') });
  await test.ask('PUT', `${calendar}b.ics`, { body: event('b') });
  await test.ask('PUT', `${book}ann.vcf`, { body: card('ann') });
  let token = '';
  let etag = '';
  for (const { method, path, headers, body, status, hrefs, has, contains } of steps) {
    const fill = (text: string): string => text.replace('{token}', token).replace('{etag}', etag);
    const filled = Object.fromEntries(
      Object.entries(headers ?? {}).map(([name, value]) => [name, fill(value)]),
    );
    const reply = await test.ask(method, path, {
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
    token = tokenFor(reply.text) || token;
  }
});
