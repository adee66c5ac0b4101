import { connect } from 'node:http2';
import { once } from 'node:events';
import { createServer, connect as connectTcp } from 'node:net';
import { Agent, request } from 'undici';
import { expect, it } from 'vitest';
import { startDavServer } from '../../src/dav/index.ts';
import { createPushEngine } from '../../src/push/index.ts';
import { condition, event, parts, propfindBody, startTestServer, syncBody, xml } from './harness.ts';

const authorization = `Basic ${Buffer.from('alice:alice').toString('base64')}`;

it('speaks HTTP/2 and HTTP/1.1 over TLS with a certificate of its own', async () => {
  await using test = await startTestServer({ tls: 'self-signed' });
  const session = connect(test.server.url, { rejectUnauthorized: false });
  const stream = session.request({
    ':method': 'PROPFIND',
    ':path': '/calendars/alice/calendar/',
    depth: '0',
    authorization,
  });
  stream.end(propfindBody('CS:getctag'));
  const [headers]: [Record<string, unknown>] = (await once(stream, 'response')) as [Record<string, unknown>]; // what the event carries
  stream.setEncoding('utf8');
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  expect([headers[':status'], text]).toEqual([207, expect.stringContaining('getctag')]);
  const moved = session.request({
    ':method': 'POST',
    ':path': '/calendars/alice/calendar/?add-member',
    'content-type': 'text/calendar',
    authorization,
  });
  moved.end(event('a'));
  const [made]: [Record<string, unknown>] = (await once(moved, 'response')) as [Record<string, unknown>]; // as above
  expect([made[':status'], String(made['location']).startsWith(test.server.url)]).toEqual([201, true]);
  session.close();
  const dispatcher = new Agent({ allowH2: false, connect: { rejectUnauthorized: false } });
  const old = await request(`${test.server.url}/`, { method: 'OPTIONS', dispatcher });
  expect(old.statusCode).toBe(200);
  await old.body.dump();
  await dispatcher.close();
});

it('says in one sentence that its port is taken', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const address = holder.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(startDavServer({ host: '127.0.0.1', port, db: ':memory:', users: [] })).rejects.toMatchObject({
    code: 'DAVPULSE_PORT_IN_USE',
    message: expect.stringContaining(String(port)),
  });
  holder.close();
});

it('drops a client that does not finish its request', async () => {
  await using test = await startTestServer({ limits: { requestTimeoutMs: 300 } });
  const socket = connectTcp(test.server.port, '127.0.0.1');
  socket.write('PUT /calendars/alice/calendar/a.ics HTTP/1.1\r\nHost: x\r\n');
  socket.resume();
  await once(socket, 'close');
});

it('refuses a body over the limit before reading it', async () => {
  await using test = await startTestServer();
  const socket = connectTcp(test.server.port, '127.0.0.1');
  socket.write(
    `PUT /calendars/alice/calendar/a.ics HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: 99999999999\r\n\r\n`,
  );
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1.1 413/);
  socket.destroy();
});

it('tells metrics, and logs a line for each request', async () => {
  const lines: string[] = [];
  await using test = await startTestServer({ log: (line) => lines.push(line) });
  await test.ask('REPORT', '/calendars/alice/calendar/', {
    headers: { 'x-request-id': 'r1' },
    body: syncBody(''),
  });
  const { text } = await test.ask('GET', '/metrics', { user: '' });
  expect(text).toContain('davpulse_requests_total{method="REPORT",report="sync-collection",status="207"} 1');
  expect(text).toMatch(/process_resident_memory_bytes \d+/);
  expect(text).toMatch(/davpulse_open_connections [1-9]/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    id: 'r1',
    method: 'REPORT',
    report: 'sync-collection',
    user: 'alice',
    status: 207,
  });
  expect(lines.join('')).not.toContain(authorization);
});

it('offers push on what can be watched and takes registrations for it', async () => {
  await using test = await startTestServer({
    createPushEngine: (db, host) =>
      createPushEngine({
        db,
        host,
        policy: { kind: 'off' },
        allowLoopback: true,
      }),
  });
  const calendar = '/calendars/alice/calendar/';
  const options = await test.ask('OPTIONS', calendar);
  expect(options.headers['dav']).toContain('webdav-push');
  const [found] = parts(
    await test.ask('PROPFIND', calendar, {
      headers: { depth: '0' },
      body: propfindBody('P:transports', 'P:topic', 'P:supported-triggers'),
    }),
  );
  expect([...(found?.found.keys() ?? [])]).toEqual(['transports', 'topic', 'supported-triggers']);
  const register = xml(
    '<P:push-register><P:subscription><P:web-push-subscription><P:push-resource>http://127.0.0.1:9/x</P:push-resource></P:web-push-subscription></P:subscription></P:push-register>',
  );
  const headers = { 'content-type': 'application/xml' };
  const refused = await test.ask('POST', calendar, { headers, body: register });
  expect([refused.status, condition(refused)]).toEqual([403, 'invalid-subscription']);
  expect((await test.ask('POST', calendar, { user: 'bob', headers, body: register })).status).toBe(403);
  expect((await test.ask('DELETE', '/push/registrations/none')).status).toBe(404);
});
