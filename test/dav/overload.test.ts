import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { createPacer } from '../../src/dav/observe/pacer.ts';
import { parts, propfindBody, startTestServer } from './harness.ts';

const authorization = `Basic ${Buffer.from('alice:alice').toString('base64')}`;

it('refuses who finds the queue full, with Retry-After, and serves the others', async () => {
  await using test = await startTestServer({ accept: { queue: 3, retryAfterMs: 1500 } });
  const socket = connect(test.server.port, '127.0.0.1');
  await once(socket, 'connect');
  const get = `GET /principals/ HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\n`;
  // Written at once, they arrive at once.
  socket.write(`${get}\r\n`.repeat(9) + `${get}connection: close\r\n\r\n`);
  socket.setEncoding('utf8');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  const statuses = [...text.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status]) => status);
  expect(statuses).toEqual(['200', '200', '200', ...Array.from({ length: 7 }, () => '503')]);
  expect(text.match(/retry-after: 2\r\n/gi)?.length).toBe(7);
  expect((await test.ask('GET', '/principals/')).status).toBe(200);
  const { text: metrics } = await test.ask('GET', '/metrics', { user: '' });
  expect(metrics).toMatch(/status="503"[^\n]* 7\n/);
});

it('announces the interval it wishes for in calendars, address books and homes', async () => {
  const pacing = { overMs: 60_000, steps: [{ load: 0, intervalMs: 300_000 }], smooth: true };
  await using test = await startTestServer({ pacing });
  const ask = async (path: string) =>
    parts(
      await test.ask('PROPFIND', path, { headers: { depth: '0' }, body: propfindBody('A:refreshrate') }),
    )[0]?.found.get('refreshrate')?.text;
  for (const path of [
    '/calendars/alice/',
    '/calendars/alice/calendar/',
    '/addressbooks/alice/addressbook/',
  ]) {
    expect(await ask(path)).toBe('PT300S');
  }
  expect(await ask('/files/alice/')).toBeUndefined();
});

it('lengthens the interval with the load of the last span', () => {
  let [idleMs, activeMs] = [0, 0];
  const steps = [
    { load: 0, intervalMs: 60_000 },
    { load: 0.5, intervalMs: 120_000 },
  ];
  const pace = createPacer({ overMs: 1000, steps, smooth: true }, () => ({ idleMs, activeMs }));
  expect(pace()).toBe(60_000);
  [idleMs, activeMs] = [700, 200];
  expect(pace()).toBe(60_000);
  [idleMs, activeMs] = [750, 250];
  expect(pace()).toBe(90_000);
  [idleMs, activeMs] = [750, 1250];
  expect(pace()).toBe(120_000);
  [idleMs, activeMs] = [1750, 1250];
  expect(pace()).toBe(60_000);
});
