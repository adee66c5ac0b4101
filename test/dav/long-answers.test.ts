import { createServer, type IncomingMessage, Agent, request as httpRequest, type Server } from 'node:http';
import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { BodyParts } from '../../src/dav/http/answer.ts';
import { writeAnswer } from '../../src/dav/http/write-answer.ts';
import {
  event,
  parts,
  propfindBody,
  startTestServer,
  syncBody,
  syncToken,
  xml,
  type TestServer,
} from './harness.ts';

const calendar = '/calendars/alice/calendar/';
const path = (index: number): string => `${calendar}${String(index).padStart(2, '0')}.ics`;
/** With all of them an answer is far longer than what the server holds of it. */
const count = 40;
const long = (index: number, note = 'x'): string =>
  event(`uid-${index}`, [`DESCRIPTION:${note.repeat(200_000)}`]);

async function fill(server: TestServer): Promise<void> {
  for (let index = 0; index < count; index += 1)
    expect((await server.ask('PUT', path(index), { body: long(index) })).status).toBe(201);
}

const login = `Basic ${Buffer.from('alice:alice').toString('base64')}`;
const data = '<D:getetag/><C:calendar-data/>';
const query = xml(
  `<C:calendar-query><D:prop>${data}</D:prop><C:filter><C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>`,
);

/** A REPORT whose answer stays in the connection until it is read. */
async function report(origin: string, body: string, agent: Agent): Promise<IncomingMessage> {
  const request = httpRequest(origin + calendar, {
    method: 'REPORT',
    agent,
    headers: { authorization: login, depth: '1' },
  });
  request.end(body);
  const [response]: IncomingMessage[] = await once(request, 'response');
  if (response === undefined) throw new Error('no response');
  return response;
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

const answeredReports = async (server: TestServer): Promise<string | undefined> =>
  /davpulse_requests_total\{method="REPORT".*\} (\d+)/.exec((await server.ask('GET', '/metrics')).text)?.[1];

async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await wait(10);
}

test('a long answer comes whole, in parts, and its connection is used again', async () => {
  await using server = await startTestServer();
  await fill(server);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (const body of [query, syncBody('', '', data)]) {
    const response = await report(server.server.url, body, agent);
    expect(response.headers['content-length']).toBeUndefined();
    const text = await textOf(response);
    expect(text.length).toBeGreaterThan(count * 200_000);
    const found = parts({ status: 207, headers: {}, text });
    expect(found.map(({ href }) => href).sort()).toEqual(Array.from({ length: count }, (_, at) => path(at)));
    expect(found.every((part) => part.found.get('calendar-data')?.text.includes('xxx'))).toBe(true);
  }
  expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
  agent.destroy();
});

test('what is written while a listing goes out is in it or comes with the next sync', async () => {
  await using server = await startTestServer();
  await fill(server);
  const agent = new Agent();
  const response = await report(server.server.url, syncBody('', '', data), agent);
  const last = count - 1;
  await server.ask('PUT', path(last), { body: long(last, 'y') });
  await server.ask('DELETE', path(last - 1));
  await server.ask('PUT', path(count), { body: long(count) });
  const text = await textOf(response);
  const first = { status: 207, headers: {}, text };
  expect(parts(first).map(({ href }) => href)).not.toContain(path(last - 1));
  const next = await server.ask('REPORT', calendar, { body: syncBody(syncToken(first)) });
  expect(parts(next).map(({ href, status }) => [href, status])).toEqual([
    [path(last), undefined],
    [path(last - 1), 404],
    [path(count), undefined],
  ]);
  agent.destroy();
});

test('a query tells members as they are when it comes to them, and none that are gone', async () => {
  await using server = await startTestServer();
  await fill(server);
  const agent = new Agent();
  const response = await report(server.server.url, query, agent);
  const last = count - 1;
  await server.ask('DELETE', path(last - 1));
  await server.ask('PUT', path(last), { body: long(last, 'y') });
  const { headers } = await server.ask('HEAD', path(last));
  const found = parts({ status: 207, headers: {}, text: await textOf(response) });
  expect(found).toHaveLength(count - 1);
  const changed = found.find(({ href }) => href === path(last));
  expect(changed?.found.get('getetag')?.text).toBe(headers['etag']);
  expect(changed?.found.get('calendar-data')?.text).toContain('yyy');
  agent.destroy();
});

test('a member that was told, went and came again while a query is answered is told once', async () => {
  await using server = await startTestServer();
  await fill(server);
  const agent = new Agent();
  const response = await report(server.server.url, query, agent);
  // Another client's listing brings what the server knows of the collection up to date.
  const listed = async (): Promise<number> => {
    const headers = { depth: '1' };
    const answer = await server.ask('PROPFIND', calendar, { body: propfindBody('D:getetag'), headers });
    return parts(answer).length - 1;
  };
  await server.ask('DELETE', path(0));
  expect(await listed()).toBe(count - 1);
  await server.ask('PUT', path(0), { body: long(0, 'y') });
  expect(await listed()).toBe(count);
  const found = parts({ status: 207, headers: {}, text: await textOf(response) });
  expect(found.map(({ href }) => href)).toEqual(Array.from({ length: count }, (_, at) => path(at)));
  agent.destroy();
});

test('a client that goes away in the middle ends the request, which is counted', async () => {
  await using server = await startTestServer();
  await fill(server);
  const agent = new Agent();
  const response = await report(server.server.url, query, agent);
  await once(response, 'readable');
  response.destroy();
  await until(async () => (await answeredReports(server)) === '1');
  agent.destroy();
});

async function overHttp2(session: ClientHttp2Session) {
  const stream = session.request({
    ':method': 'REPORT',
    ':path': calendar,
    authorization: login,
    depth: '1',
  });
  stream.end(query);
  await once(stream, 'response');
  return stream;
}

test('over HTTP/2 a long answer comes whole, and one that is cancelled ends and leaves the connection usable', async () => {
  await using server = await startTestServer({ tls: 'self-signed' });
  const session = connect(server.server.url, { rejectUnauthorized: false });
  const put = async (index: number): Promise<void> => {
    const stream = session.request({ ':method': 'PUT', ':path': path(index), authorization: login });
    stream.end(long(index));
    await once(stream, 'response');
    stream.close();
  };
  for (let index = 0; index < count; index += 1) await put(index);
  const cancelled = await overHttp2(session);
  await once(cancelled, 'data');
  cancelled.close(constants.NGHTTP2_CANCEL);
  const whole = await overHttp2(session);
  let text = '';
  whole.setEncoding('utf8');
  for await (const chunk of whole) text += String(chunk);
  expect(parts({ status: 207, headers: {}, text })).toHaveLength(count);
  await until(async () => {
    const stream = session.request({ ':path': '/metrics', authorization: login });
    let metrics = '';
    stream.setEncoding('utf8');
    for await (const chunk of stream) metrics += String(chunk);
    return /davpulse_requests_total\{method="REPORT".*\} 2/.test(metrics);
  });
  session.destroy();
});

async function listening(body: () => BodyParts): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    void writeAnswer(response, { status: 207, body: body() }, request.method === 'HEAD');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server on a port has such an address
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

test('an answer whose making fails in the middle breaks off, so that nobody takes it for whole', async () => {
  const failing = function* (): Generator<Uint8Array> {
    yield Buffer.from('<some/>');
    throw new Error('the store is gone');
  };
  const { server, origin } = await listening(() => ({ parts: failing() }));
  await expect(fetch(origin).then((answer) => answer.text())).rejects.toThrow(/terminated|fetch failed/);
  server.close();
});

test('HEAD of an answer in parts has no body and makes none', async () => {
  let made = 0;
  const counting = function* (): Generator<Uint8Array> {
    made += 1;
    yield Buffer.from('<some/>');
  };
  const { server, origin } = await listening(() => ({ parts: counting() }));
  const answer = await fetch(origin, { method: 'HEAD' });
  expect([answer.status, await answer.text(), made]).toEqual([207, '', 0]);
  server.close();
});
